package io.github.pgconmgr.relay.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** PgBouncer's userlist format. */
class UserListTest {

    @Test
    void linesAreReadAsPgbouncerReadsThem() {
        UserList users = Logins.users("""
                ; a comment

                 \t"joe" "secret"
                "an""n" "a""b"  rest of the line is ignored "x
                "m" "md5ZEROS" ""
                "s" "VERIFIER"
                """.replace("ZEROS", "0".repeat(32))
                .replace("VERIFIER", Logins.verifier("x", "saltsaltsaltsalt", 4096)));
        assertEquals(4, users.size());
        assertEquals(plain("secret"), users.find("joe"));
        assertEquals(plain("a\"b"), users.find("an\"n"));
        assertInstanceOf(StoredPassword.Md5.class, users.find("m"));
        assertInstanceOf(StoredPassword.Scram.class, users.find("s"));
        assertNull(users.find("eve"));
        assertEquals(
                plain("x"),
                Logins.users("\"joe\"\"x\"".replace("\"\"", "\" \"") + "\r\n").find("joe"));
        assertEquals(
                plain("md5" + "0".repeat(31)),
                Logins.users(Logins.entry("j", "md5" + "0".repeat(31))).find("j"));
        assertEquals(
                plain("pässwort"),
                Logins.users(Logins.entry("jörg", "pässwort")).find("jörg"));
    }

    private static StoredPassword plain(String text) {
        return new StoredPassword.Plain(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void everyProblemIsNamedWithItsLineAndWithoutSecrets() {
        List<UserList.Problem> problems =
                problems("""
                joe secret
                "joe" "secret"
                "joe" secret
                "joe
                ; comment
                "joe" "SCRAM-SHA-256$4096:secret"
                "" "secret"
                "LONG" "secret"
                "ann" "LONGER"
                "joe" "secret2"
                """.replace("LONGER", "s".repeat(2049)).replace("LONG", "n".repeat(128)));
        assertEquals(
                List.of(1, 3, 4, 6, 7, 8, 9, 10),
                problems.stream().map(UserList.Problem::line).toList());
        assertEquals(-1, problems.toString().replace("secret in", "").indexOf("secret"), problems.toString());
    }

    @Test
    void aPasswordMayBeAsLongAsInPgbouncer() {
        assertEquals(
                1, Logins.users(Logins.entry("n".repeat(127), "s".repeat(2048))).size());
    }

    private static List<UserList.Problem> problems(String text) {
        return assertThrows(
                        UserList.InvalidUserListException.class,
                        () -> UserList.parse(text.getBytes(StandardCharsets.UTF_8)))
                .problems();
    }
}
