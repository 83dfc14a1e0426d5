package io.github.pgconmgr.endtoend;

import io.github.pgconmgr.testkit.Account;
import io.github.pgconmgr.testkit.LabHost;
import io.github.pgconmgr.testkit.Machine;
import io.github.pgconmgr.testkit.PgInstance;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** TLS for an instance. Stateless. */
final class Certificates {

    private Certificates() {}

    /** Gives the instance a certificate for that name alone, and the clients on the host the file to check it by. */
    static Path give(PgInstance instance, String name, LabHost clientHost) {
        Path key = instance.data().resolve("server.key");
        Path certificate = instance.data().resolve("server.crt");
        List<String> openssl = List.of("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt");
        List<String> options = List.of("ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=" + name);
        List<String> files = List.of(
                "-addext", "subjectAltName=DNS:" + name, "-keyout", key.toString(), "-out", certificate.toString());
        Machine.LOCAL
                .run(
                        Account.POSTGRES,
                        Stream.of(openssl, options, files).flatMap(List::stream).toList())
                .expectSuccess();
        instance.set("ssl", "on");
        instance.reload();
        try {
            return Files.copy(certificate, clientHost.folder().resolve(name + ".crt"));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot copy the certificate", e);
        }
    }
}
