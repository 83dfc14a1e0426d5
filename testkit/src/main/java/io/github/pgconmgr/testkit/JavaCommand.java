package io.github.pgconmgr.testkit;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The command line of a small Java program: it starts fast and leaves nothing in the temporary folder. Stateless. */
public final class JavaCommand {

    private JavaCommand() {}

    /**
     * By the Java that runs this.
     *
     * @param classPath folders, jars, and {@code FOLDER/*} for all jars in it
     */
    public static List<String> of(int heapMegabytes, List<Path> classPath, String main, String... arguments) {
        List<String> argv = new ArrayList<>();
        argv.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        argv.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData"));
        argv.add("-Xmx" + heapMegabytes + "m");
        argv.add("-cp");
        argv.add(classPath.stream().map(Path::toString).collect(Collectors.joining(":")));
        argv.add(main);
        argv.addAll(List.of(arguments));
        return argv;
    }
}
