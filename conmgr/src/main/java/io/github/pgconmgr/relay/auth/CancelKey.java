package io.github.pgconmgr.relay.auth;

/**
 * What BackendKeyData tells a client. Immutable; prints no secret.
 *
 * @param processId positive, not one of the operating system's
 */
public record CancelKey(int processId, SecretBytes secret) {}
