package io.github.pgconmgr.daemon;

import io.github.pgconmgr.log.Message;
import io.github.pgconmgr.topology.TimelineRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * conmgr.timeline, which keeps a replaced primary from its applications over a restart (ADR 8): three lines of text for people,
 * taken as they were written or not at all. Immutable; blocks on the disk.
 */
final class TimelineFile {

    static final String FILE_NAME = "conmgr.timeline";

    /** Nothing of ours is longer. */
    private static final int MAX_BYTES = 4096;

    private static final String COMMENT = "# Written by conmgr; \"cm_ctl forget-timeline\" makes it forget.\n";

    private static final Pattern CONTENT = Pattern.compile(
            Pattern.quote(COMMENT) + "system_identifier=([0-9]{1,20})\ntimeline=([0-9]{1,10})\nprimary=([^\\s]*)\n");

    private final Path path;
    private final Path draft;
    private final Path directory;

    TimelineFile(Path directory) {
        this.directory = directory;
        this.path = directory.resolve(FILE_NAME);
        this.draft = directory.resolve(FILE_NAME + ".new");
    }

    Path path() {
        return path;
    }

    /**
     * What the file says; null if there is none.
     *
     * @throws StartException if it is anything but what {@link #write} has written
     */
    @Nullable
    TimelineRecord read() throws StartException {
        try {
            if (Files.size(path) > MAX_BYTES) {
                throw unusable("it is too long");
            }
            return parse(Files.readString(path, StandardCharsets.UTF_8));
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            throw unusable(e.toString());
        }
    }

    /** What a file with that content says. */
    TimelineRecord parse(String text) throws StartException {
        Matcher matcher = CONTENT.matcher(text);
        if (!matcher.matches()) {
            throw unusable("its content is not what conmgr writes");
        }
        try {
            return new TimelineRecord(
                    Long.parseUnsignedLong(matcher.group(1)),
                    Integer.parseUnsignedInt(matcher.group(2)),
                    matcher.group(3));
        } catch (NumberFormatException e) {
            throw unusable("a number is too large");
        }
    }

    private StartException unusable(String reason) {
        return new StartException(Message.TIMELINE_FILE_UNUSABLE, path, reason);
    }

    /**
     * Puts a record in place of the one before: a crash leaves either of them, whole.
     *
     * @param record null to remove the file
     */
    void write(@Nullable TimelineRecord record) throws IOException {
        if (record == null) {
            Files.deleteIfExists(path);
        } else {
            writeDraft(ByteBuffer.wrap(textOf(record).getBytes(StandardCharsets.UTF_8)));
            Files.move(draft, path, StandardCopyOption.ATOMIC_MOVE);
        }
        try (FileChannel names = FileChannel.open(directory, StandardOpenOption.READ)) {
            names.force(true);
        }
    }

    /** The content of the file. */
    static String textOf(TimelineRecord record) {
        return COMMENT + "system_identifier=" + Long.toUnsignedString(record.systemIdentifier())
                + "\ntimeline=" + Integer.toUnsignedString(record.timeline()) + "\nprimary=" + record.primary()
                + "\n";
    }

    private void writeDraft(ByteBuffer bytes) throws IOException {
        List<StandardOpenOption> options =
                List.of(StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
        try (FileChannel file = FileChannel.open(draft, options.toArray(StandardOpenOption[]::new))) {
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
            file.force(true);
        }
    }
}
