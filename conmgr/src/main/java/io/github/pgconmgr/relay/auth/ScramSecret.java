package io.github.pgconmgr.relay.auth;

import org.jspecify.annotations.Nullable;

/** By what conmgr can do SCRAM at a server in a client's name. Immutable. */
sealed interface ScramSecret {

    /** ClientKey and ServerKey for a server's salt. */
    record Keys(SecretBytes clientKey, SecretBytes serverKey) {}

    /**
     * The keys that go with what the server says.
     *
     * @throws LoginProtocolException if there are none
     */
    Keys keys(byte[] salt, int iterations) throws LoginProtocolException;

    /** Null if the identity has nothing for SCRAM. */
    static @Nullable ScramSecret of(Identity identity) {
        StoredPassword password = identity.password();
        SecretBytes clientKey = identity.clientKey();
        if (password instanceof StoredPassword.Plain plain && !plain.isEmpty()) {
            return new OfPassword(plain);
        }
        if (password instanceof StoredPassword.Scram scram && clientKey != null) {
            return new OfVerifier(scram.verifier(), clientKey);
        }
        return null;
    }

    /** The password itself goes with any salt. */
    record OfPassword(StoredPassword.Plain password) implements ScramSecret {

        /** More would hold up the relay's loop for longer than a blink, and none is known to use as many. */
        static final int MAX_ITERATIONS = 100_000;

        @Override
        public Keys keys(byte[] salt, int iterations) throws LoginProtocolException {
            if (iterations > MAX_ITERATIONS) {
                throw LoginProtocolException.unsupported(
                        "the server wants " + iterations + " SCRAM iterations, more than " + MAX_ITERATIONS);
            }
            byte[] salted = password.keys().salted(salt, iterations);
            return new Keys(new SecretBytes(ScramKeys.clientKey(salted)), new SecretBytes(ScramKeys.serverKey(salted)));
        }
    }

    /** A verifier and the ClientKey that belongs to it: good for that one salt. */
    record OfVerifier(ScramVerifier verifier, SecretBytes clientKey) implements ScramSecret {

        @Override
        public Keys keys(byte[] salt, int iterations) throws LoginProtocolException {
            if (iterations != verifier.iterations() || !verifier.salt().matches(salt)) {
                throw LoginProtocolException.unsupported(
                        "the server has another SCRAM verifier than auth_file or auth_query");
            }
            return new Keys(clientKey, verifier.serverKey());
        }
    }
}
