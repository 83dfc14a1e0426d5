package io.github.pgconmgr.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Writes down which requirements the tests of this run proved: {@code build/coverage/MODULE.PID.tsv}; make check removes them at its
 * begin. JUnit finds it by its service file. A method counts when at least one of its invocations ran and none failed.
 *
 * <p>Shared: guarded by its own monitor, as tests may run in parallel.
 */
public final class ProofListener implements TestExecutionListener {

    private final @Nullable Path file;
    private final String module;
    private final Set<MethodSource> passed = new HashSet<>();
    private final Set<MethodSource> failed = new HashSet<>();

    /** Made by JUnit; the place comes from the system properties {@code conmgr.root} and {@code conmgr.module}. */
    public ProofListener() {
        this(
                System.getProperty("conmgr.root"),
                System.getProperty("conmgr.module"),
                Long.toString(ProcessHandle.current().pid()));
    }

    /**
     * @param jvm which of the JVMs that share a module's tests this is
     */
    ProofListener(@Nullable String root, @Nullable String module, String jvm) {
        this.module = module == null ? "" : module;
        // Without the build's properties (a run from an IDE) there is nothing to write for.
        this.file =
                root == null || module == null ? null : Path.of(root, "build", "coverage", module + "." + jvm + ".tsv");
    }

    @Override
    public synchronized void executionFinished(TestIdentifier test, TestExecutionResult result) {
        Optional<MethodSource> method =
                test.getSource().filter(MethodSource.class::isInstance).map(MethodSource.class::cast);
        method.ifPresent(source -> {
            if (result.getStatus() != Status.SUCCESSFUL) {
                failed.add(source);
            } else if (test.isTest()) {
                passed.add(source);
            }
        });
    }

    @Override
    public synchronized void testPlanExecutionFinished(TestPlan plan) {
        if (file == null) {
            return;
        }
        List<String> lines = new ArrayList<>();
        proofs().forEach(proof -> lines.add(proof.toTsv()));
        try {
            Files.createDirectories(file.getParent());
            // Appended: a JVM that shares a module's tests has a plan for each class.
            Files.write(file, lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            passed.clear();
            failed.clear();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    synchronized Set<Proof> proofs() {
        Set<Proof> proofs = new TreeSet<>();
        for (MethodSource source : passed) {
            if (!failed.contains(source)) {
                for (String id : requirementsOf(source)) {
                    proofs.add(new Proof(id, module, source.getClassName(), source.getMethodName()));
                }
            }
        }
        return proofs;
    }

    private static Set<String> requirementsOf(MethodSource source) {
        Set<String> ids = new TreeSet<>(idsOf(source.getJavaMethod().getAnnotation(Proves.class)));
        for (Class<?> type = source.getJavaClass(); type != null; type = type.getEnclosingClass()) {
            ids.addAll(idsOf(type.getAnnotation(Proves.class)));
        }
        return ids;
    }

    private static List<String> idsOf(@Nullable Proves proves) {
        return proves == null ? List.of() : List.of(proves.value());
    }
}
