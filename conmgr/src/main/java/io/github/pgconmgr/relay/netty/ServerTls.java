package io.github.pgconmgr.relay.netty;

import io.github.pgconmgr.config.TlsConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * TLS as conmgr offers it to relayed clients: its certificate, whom it believes, and what SCRAM binds a login to. Immutable.
 *
 * @param endPoint {@code tls-server-end-point} of RFC 5929; null if the certificate's signature has no hash that it is defined by
 */
public record ServerTls(SslContext context, @Nullable ByteBuffer endPoint) {

    private static final String POSTGRESQL = "postgresql";

    /**
     * Reads certificate and key. Blocks on the disk.
     *
     * @throws IOException if a file cannot be read or used
     */
    public static ServerTls load(TlsConfig config) throws IOException {
        SslContextBuilder builder = SslContextBuilder.forServer(
                        config.certificate().toFile(), config.key().toFile())
                .sslProvider(SslProvider.JDK)
                .protocols("TLSv1.3", "TLSv1.2")
                // Direct TLS names it; who asks first need not.
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        Protocol.ALPN,
                        SelectorFailureBehavior.NO_ADVERTISE,
                        SelectedListenerFailureBehavior.ACCEPT,
                        POSTGRESQL));
        Path authorities = config.authorities();
        if (authorities != null) {
            builder.trustManager(authorities.toFile()).clientAuth(ClientAuth.REQUIRE);
        }
        return new ServerTls(builder.build(), endPoint(config.certificate()));
    }

    private static @Nullable ByteBuffer endPoint(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            X509Certificate certificate = (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(in);
            String hash = hashOf(certificate.getSigAlgName().toUpperCase(Locale.ROOT));
            return hash == null
                    ? null
                    : ByteBuffer.wrap(MessageDigest.getInstance(hash).digest(certificate.getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot read the certificate: " + e.getMessage(), e);
        }
    }

    /** MD5 and SHA-1 count as SHA-256. */
    private static @Nullable String hashOf(String signature) {
        if (signature.startsWith("SHA1") || signature.startsWith("MD5") || signature.startsWith("SHA256")) {
            return "SHA-256";
        }
        if (signature.startsWith("SHA384")) {
            return "SHA-384";
        }
        return signature.startsWith("SHA512") ? "SHA-512" : null;
    }
}
