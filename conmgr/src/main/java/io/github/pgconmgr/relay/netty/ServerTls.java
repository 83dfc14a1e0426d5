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
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import org.jspecify.annotations.Nullable;

/**
 * TLS as conmgr offers it to relayed clients: its certificate, whom it believes, and what SCRAM binds a login to. Immutable.
 *
 * @param endPoint {@code tls-server-end-point} of RFC 5929; null if the certificate's signature has no hash that it is defined by
 */
public record ServerTls(SslContext context, @Nullable ByteBuffer endPoint) {

    /** What a client names by ALPN. */
    static final String POSTGRESQL = "postgresql";

    /**
     * Reads certificate and key. Blocks on the disk.
     *
     * @throws IOException if a file cannot be read or used, saying which and why
     */
    public static ServerTls load(TlsConfig config) throws IOException {
        CertificateFiles files = CertificateFiles.load(config.certificate(), config.key());
        SslContextBuilder builder = SslContextBuilder.forServer(files.key(), files.chain())
                .sslProvider(SslProvider.JDK)
                .protocols("TLSv1.3", "TLSv1.2")
                // Direct TLS must name it; who asks first need not.
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        Protocol.ALPN,
                        SelectorFailureBehavior.FATAL_ALERT,
                        SelectedListenerFailureBehavior.ACCEPT,
                        POSTGRESQL));
        Path authorities = config.authorities();
        if (authorities != null) {
            builder.trustManager(CertificateFiles.certificates(authorities)).clientAuth(ClientAuth.REQUIRE);
        }
        return new ServerTls(builder.build(), endPoint(files.chain().get(0)));
    }

    /** A copy of the end point, for one login. */
    public byte @Nullable [] endPointBytes() {
        if (endPoint == null) {
            return null;
        }
        byte[] bytes = new byte[endPoint.remaining()];
        endPoint.get(endPoint.position(), bytes);
        return bytes;
    }

    private static @Nullable ByteBuffer endPoint(X509Certificate certificate) throws IOException {
        String hash = EndPointHash.of(certificate);
        try {
            return hash == null
                    ? null
                    : ByteBuffer.wrap(MessageDigest.getInstance(hash).digest(certificate.getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot hash the certificate: " + e.getMessage(), e);
        }
    }
}
