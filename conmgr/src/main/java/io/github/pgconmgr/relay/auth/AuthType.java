package io.github.pgconmgr.relay.auth;

/** The values of {@code auth_type}, as in PgBouncer. */
public enum AuthType {
    /** Nobody has to prove anything. Who is not in {@code auth_file}, if there is one, is refused all the same. */
    TRUST("trust"),
    /** md5, or SCRAM for users of whom a SCRAM verifier is all that is known. */
    MD5("md5"),
    /** SCRAM-SHA-256, over TLS also SCRAM-SHA-256-PLUS. */
    SCRAM_SHA_256("scram-sha-256");

    private final String word;

    AuthType(String word) {
        this.word = word;
    }

    /** As written in conmgr.conf. */
    public String word() {
        return word;
    }
}
