package io.github.pgconmgr.relay.auth;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The users of {@code auth_file}, which has PgBouncer's format: a line has user name and password in double quotes, a quote inside is
 * doubled, what follows on the line is ignored; a line that begins with a semicolon is a comment. Prints its size alone.
 *
 * <p>Immutable, but for what the passwords have computed already: confined to the relay loop.
 */
public final class UserList {

    /**
     * Something wrong in the file.
     *
     * @param line from 1
     */
    public record Problem(int line, String reason) {}

    /** The file cannot be used. */
    public static final class InvalidUserListException extends Exception {

        private static final long serialVersionUID = 1L;

        private final transient List<Problem> problems;

        InvalidUserListException(List<Problem> problems) {
            super(problems.size() + " problems", null, false, false);
            this.problems = List.copyOf(problems);
        }

        /** All of them. */
        public List<Problem> problems() {
            return problems;
        }
    }

    private final Map<String, StoredPassword> byUser;
    private final byte @Nullable [] mockSecret;
    private final int usualIterations;
    private final boolean mostlyMd5;

    private UserList(Map<String, StoredPassword> byUser, byte @Nullable [] mockSecret) {
        this.byUser = byUser;
        this.mockSecret = mockSecret;
        Map<Integer, Integer> votes = new HashMap<>();
        int scram = 0;
        for (StoredPassword password : byUser.values()) {
            if (password instanceof StoredPassword.Scram verifier) {
                votes.merge(verifier.verifier().iterations(), 1, Integer::sum);
                scram++;
            }
        }
        this.usualIterations = votes.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .orElse(ScramVerifier.DEFAULT_ITERATIONS);
        this.mostlyMd5 = scram * 2 < byUser.size();
    }

    /**
     * The users in these bytes of a file.
     *
     * @throws InvalidUserListException naming everything that is wrong, without secrets
     */
    public static UserList parse(byte[] content) throws InvalidUserListException {
        UserListParser parser = new UserListParser(Ascii.text(content));
        Map<String, StoredPassword> users = new LinkedHashMap<>();
        List<Problem> problems = new ArrayList<>();
        boolean secret = false;
        for (UserListParser.Line line = parser.next(); line != null; line = parser.next()) {
            if (line.problem() != null) {
                problems.add(new Problem(line.number(), line.problem()));
                continue;
            }
            String user = new String(Ascii.bytes(line.user()), StandardCharsets.UTF_8);
            StoredPassword password = StoredPassword.of(Ascii.bytes(line.password()));
            if (password == null) {
                problems.add(new Problem(line.number(), "the SCRAM verifier is not valid"));
            } else if (users.putIfAbsent(user, password) != null) {
                problems.add(new Problem(line.number(), "user \"" + user + "\" is in the file twice"));
            }
            secret |= !line.password().isEmpty();
        }
        if (!problems.isEmpty()) {
            throw new InvalidUserListException(problems);
        }
        return new UserList(users, secret ? ScramKeys.hmac(Ascii.bytes("mock"), content) : null);
    }

    /** Null if the user is not in the file. */
    @Nullable
    StoredPassword find(String user) {
        return byUser.get(user);
    }

    /** As secret as the file, and the same as long as it is the same; null if there is no secret in it. */
    byte @Nullable [] mockSecret() {
        return mockSecret;
    }

    int usualIterations() {
        return usualIterations;
    }

    /** Whether most users would be asked for md5 under {@code auth_type = md5}. */
    boolean isMostlyMd5() {
        return mostlyMd5;
    }

    /** How many users. */
    public int size() {
        return byUser.size();
    }

    @Override
    public String toString() {
        return "UserList[" + byUser.size() + "]";
    }
}
