package io.github.pgconmgr.javafailures;

import io.github.pgconmgr.testkit.JavaHost;
import java.util.stream.Stream;

/** The hosts that can be tested here. Immutable: no state. */
final class Hosts {

    private Hosts() {}

    /** The embedded one, and PL/Java where it is installed; else one line says that it is not. */
    static Stream<JavaHost> installed() {
        if (JavaHost.PLJAVA.isInstalled()) {
            return Stream.of(JavaHost.values());
        }
        System.out.println("PL/Java is not installed (no pljava.control): only the embedded host is tested");
        return Stream.of(JavaHost.EMBEDDED);
    }
}
