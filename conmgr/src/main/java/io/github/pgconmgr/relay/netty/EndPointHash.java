package io.github.pgconmgr.relay.netty;

import java.io.IOException;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.security.spec.PSSParameterSpec;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The hash of a certificate that {@code tls-server-end-point} is made with: that of its signature (RFC 5929, section 4.1). Stateless. */
final class EndPointHash {

    private EndPointHash() {}

    /** Null if the signature has none, as with Ed25519: then channel binding is not offered, as PostgreSQL does not. */
    static @Nullable String of(X509Certificate certificate) {
        String signature = certificate.getSigAlgName().toUpperCase(Locale.ROOT);
        if (signature.equals("RSASSA-PSS")) {
            return ofPss(certificate);
        }
        int with = signature.indexOf("WITH");
        return with < 0 ? null : standard(signature.substring(0, with));
    }

    private static @Nullable String ofPss(X509Certificate certificate) {
        try {
            AlgorithmParameters parameters = AlgorithmParameters.getInstance("RSASSA-PSS");
            parameters.init(certificate.getSigAlgParams());
            return standard(parameters
                    .getParameterSpec(PSSParameterSpec.class)
                    .getDigestAlgorithm()
                    .toUpperCase(Locale.ROOT));
        } catch (GeneralSecurityException | IOException e) {
            return null;
        }
    }

    /** MD5 and SHA-1 count as SHA-256. */
    private static @Nullable String standard(String hash) {
        return switch (hash.replace("-", "")) {
            case "MD5", "SHA1", "SHA256" -> "SHA-256";
            case "SHA384" -> "SHA-384";
            case "SHA512" -> "SHA-512";
            default -> null;
        };
    }
}
