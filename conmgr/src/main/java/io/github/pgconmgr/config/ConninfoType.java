package io.github.pgconmgr.config;

import io.github.pgconmgr.config.CheckConninfo.SslMode;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A connection string of keywords and values as libpq reads it ({@code user=conmgr dbname=postgres}), with a closed list of
 * keywords. A problem never repeats a value: somebody may have put a password there. Immutable.
 */
record ConninfoType() implements ValueType<CheckConninfo> {

    /** Room for two paths. */
    static final int MAX_LENGTH = 4096;

    /** A day: above heartbeat_connect_timeout it has no effect. */
    private static final IntegerType SECONDS = new IntegerType(1, 86_400);

    private static final String DATABASE = "postgres";
    private static final String KEYWORDS =
            "user, dbname (or database), passfile, sslmode, sslrootcert, connect_timeout";

    @Override
    public CheckConninfo parse(String text) throws InvalidValueException {
        if (text.isEmpty()) {
            throw new InvalidValueException("the value is empty; delete the line to leave the parameter out");
        }
        if (text.length() > MAX_LENGTH) {
            throw new InvalidValueException("the value is longer than " + MAX_LENGTH + " characters");
        }
        Map<String, String> values = new LinkedHashMap<>();
        for (KeywordReader.Pair pair : KeywordReader.read(text)) {
            if (values.put(checked(pair.keyword()), pair.value()) != null) {
                throw new InvalidValueException("keyword \"" + pair.keyword() + "\" stands there twice");
            }
        }
        String user = values.getOrDefault("user", "");
        if (user.isEmpty()) {
            throw new InvalidValueException("keyword \"user\" is missing: the role that conmgr connects as");
        }
        return new CheckConninfo(
                user,
                values.getOrDefault("dbname", DATABASE),
                values.getOrDefault("passfile", ""),
                sslMode(values.getOrDefault("sslmode", SslMode.PREFER.word())),
                values.getOrDefault("sslrootcert", ""),
                seconds(values.getOrDefault("connect_timeout", "0")));
    }

    /** The one name of a keyword that is allowed. */
    private static String checked(String keyword) throws InvalidValueException {
        return switch (keyword) {
            case "user", "dbname", "passfile", "sslmode", "sslrootcert", "connect_timeout" -> keyword;
            case "database" -> "dbname";
            case "password" ->
                throw new InvalidValueException("a password does not belong into this file, which cm_ctl show prints;"
                        + " put it into a file of the form of .pgpass and name that with \"passfile\"");
            case "host", "hostaddr", "port" ->
                throw new InvalidValueException(
                        "\"" + keyword + "\" is the instance's: set \"backend_" + keyword + "\"");
            default ->
                throw new InvalidValueException("unknown keyword \"" + keyword + "\"; known ones are " + KEYWORDS);
        };
    }

    private static SslMode sslMode(String word) throws InvalidValueException {
        for (SslMode mode : SslMode.values()) {
            if (mode.word().equals(word)) {
                return mode;
            }
        }
        String known = Arrays.stream(SslMode.values()).map(SslMode::word).collect(Collectors.joining(", "));
        throw new InvalidValueException("sslmode is not one of " + known);
    }

    /** 0 is libpq's word for no limit. */
    private static int seconds(String text) throws InvalidValueException {
        try {
            return text.equals("0") ? 0 : SECONDS.parse(text);
        } catch (InvalidValueException e) {
            throw new InvalidValueException("connect_timeout: not a number of seconds, 0 .. 86400");
        }
    }

    @Override
    public String format(CheckConninfo value) {
        StringBuilder out = new StringBuilder();
        append(out, "user", value.user(), "");
        append(out, "dbname", value.database(), DATABASE);
        append(out, "passfile", value.passfile(), "");
        append(out, "sslmode", value.sslMode().word(), SslMode.PREFER.word());
        append(out, "sslrootcert", value.sslRootCert(), "");
        append(out, "connect_timeout", Integer.toString(value.connectTimeoutSeconds()), "0");
        return out.toString();
    }

    private static void append(StringBuilder out, String keyword, String value, String unless) {
        if (!value.equals(unless)) {
            out.append(out.isEmpty() ? "" : " ").append(keyword).append('=').append(KeywordReader.quoted(value));
        }
    }

    @Override
    public String typeName() {
        return "string";
    }

    @Override
    public String bounds() {
        return "keyword=value with blanks between them; keywords: " + KEYWORDS;
    }
}
