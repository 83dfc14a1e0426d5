package io.github.pgconmgr.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * TLS of relayed clients (ADR 9); paths are absolute. Immutable.
 *
 * @param certificate conmgr's, PEM, the chain behind it
 * @param key its private key, PEM
 * @param authorities who may sign clients' certificates, PEM; null if clients show none
 */
public record TlsConfig(
        Path certificate, Path key, @Nullable Path authorities) {}
