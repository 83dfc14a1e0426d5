package io.github.pgconmgr.config;

/** How a relayed client proves who it is ({@code auth_type}). */
public enum AuthType {
    SCRAM_SHA_256("scram-sha-256"),
    MD5("md5"),
    /** Not at all. */
    TRUST("trust");

    private final String word;

    AuthType(String word) {
        this.word = word;
    }

    /** The word in conmgr.conf. */
    @Override
    public String toString() {
        return word;
    }
}
