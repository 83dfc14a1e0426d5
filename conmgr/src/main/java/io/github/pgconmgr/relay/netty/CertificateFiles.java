package io.github.pgconmgr.relay.netty;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A certificate with its chain, and the key that belongs to it, from PEM files. Whatever is wrong with them is found when they are read, not
 * by the first client. Immutable.
 *
 * @param chain conmgr's own certificate first
 */
record CertificateFiles(List<X509Certificate> chain, PrivateKey key) {

    private static final int MAX_KEY_BYTES = 65_536;
    private static final Pattern PKCS8 =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

    /**
     * Reads both. Blocks on the disk.
     *
     * @throws IOException naming the file and what is wrong with it
     */
    static CertificateFiles load(Path certificate, Path keyFile) throws IOException {
        List<X509Certificate> chain = certificates(certificate);
        PublicKey publicKey = chain.get(0).getPublicKey();
        PrivateKey key = key(keyFile, publicKey.getAlgorithm());
        if (!belong(key, publicKey)) {
            throw new IOException("private key file \"" + keyFile + "\" has another key than certificate file \""
                    + certificate + "\"");
        }
        return new CertificateFiles(chain, key);
    }

    /** At least one. */
    static List<X509Certificate> certificates(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            List<X509Certificate> all = CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
                    .map(X509Certificate.class::cast)
                    .toList();
            if (all.isEmpty()) {
                throw new IOException("certificate file \"" + file + "\" has no certificate in PEM form");
            }
            return all;
        } catch (CertificateException e) {
            throw new IOException("certificate file \"" + file + "\" cannot be read: " + e.getMessage(), e);
        }
    }

    private static PrivateKey key(Path file, String algorithm) throws IOException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MAX_KEY_BYTES);
        }
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        Matcher pem = PKCS8.matcher(text);
        if (!pem.find()) {
            throw new IOException("private key file \"" + file + "\" " + whyNot(text));
        }
        try {
            byte[] encoded = Base64.getMimeDecoder().decode(pem.group(1));
            return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            // What the exception says may be a part of the key.
            throw new IOException(
                    "private key file \"" + file + "\" has no " + algorithm + " key, as the certificate wants it");
        }
    }

    private static String whyNot(String text) {
        if (text.contains("ENCRYPTED")) {
            return "is encrypted: conmgr cannot ask for its pass phrase";
        }
        if (text.contains("BEGIN RSA PRIVATE KEY") || text.contains("BEGIN EC PRIVATE KEY")) {
            return "is not in PKCS#8 form: convert it with \"openssl pkcs8 -topk8 -nocrypt\"";
        }
        return "has no private key in PEM form";
    }

    private static boolean belong(PrivateKey key, PublicKey publicKey) {
        String algorithm = switch (publicKey.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            case "EdDSA", "Ed25519", "Ed448" -> "EdDSA";
            default -> "";
        };
        if (algorithm.isEmpty()) {
            return true;
        }
        try {
            Signature signature = Signature.getInstance(algorithm);
            byte[] anything = publicKey.getEncoded();
            signature.initSign(key);
            signature.update(anything);
            byte[] signed = signature.sign();
            signature.initVerify(publicKey);
            signature.update(anything);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
