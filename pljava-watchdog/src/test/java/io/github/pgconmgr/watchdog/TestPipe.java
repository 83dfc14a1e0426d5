package io.github.pgconmgr.watchdog;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A pipe with a descriptor's number in this process, as the worker's main thread makes one. */
final class TestPipe implements AutoCloseable {

    private final RandomAccessFile pipe;
    private final FileInputStream reader;
    private final int descriptor;

    TestPipe(Path directory) throws IOException, InterruptedException {
        Path path = directory.resolve("pipe");
        int exit = new ProcessBuilder("mkfifo", path.toString())
                .inheritIO()
                .start()
                .waitFor();
        if (exit != 0) {
            throw new IOException("mkfifo failed");
        }
        pipe = new RandomAccessFile(path.toFile(), "rw");
        reader = new FileInputStream(pipe.getFD());
        descriptor = find(path);
    }

    private static int find(Path path) throws IOException {
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path one : descriptors) {
                if (Files.exists(one) && Files.isSameFile(one, path)) {
                    return Integer.parseInt(one.getFileName().toString());
                }
            }
        }
        throw new IOException("the pipe has no descriptor");
    }

    int descriptor() {
        return descriptor;
    }

    int available() throws IOException {
        return reader.available();
    }

    /** Takes what is there; never waits. */
    int drain() throws IOException {
        int bytes = reader.available();
        return reader.read(new byte[bytes]);
    }

    @Override
    public void close() throws IOException {
        pipe.close();
    }
}
