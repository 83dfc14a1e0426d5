package io.github.pgconmgr.ctl;

import io.github.pgconmgr.admin.AwaitScope;
import io.github.pgconmgr.admin.StatusFormat;
import io.github.pgconmgr.admin.StatusScope;
import io.github.pgconmgr.admin.StopMode;
import io.github.pgconmgr.config.ConfigLoader;
import io.github.pgconmgr.daemon.StartException;
import io.github.pgconmgr.log.Message;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Parsed options to the commands' own records, with their defaults. Immutable. */
record CtlOptions(ParseResult parsed, String environmentDirectory) {

    StartCommand.Options start() throws StartException {
        Path directory = directory();
        return new StartCommand.Options(
                directory,
                !parsed.hasMatchedOption(CommandTree.NO_WAIT),
                parsed.hasMatchedOption(CommandTree.COMPLETE) ? AwaitScope.ALL : AwaitScope.PRIMARY,
                limit(),
                parsed.<Path>matchedOptionValue(CommandTree.LOG, directory.resolve(StartCommand.LOG_FILE_NAME))
                        .toAbsolutePath());
    }

    StopCommand.Options stop() throws StartException {
        StopMode mode = parsed.matchedOptionValue(CommandTree.MODE, StopMode.FAST);
        return new StopCommand.Options(
                directory(), !parsed.hasMatchedOption(CommandTree.NO_WAIT), mode, false, limit());
    }

    /** The stop of a restart: always waits, as the directory must be free for the start. */
    StopCommand.Options stopForRestart() throws StartException {
        StopMode mode = parsed.matchedOptionValue(CommandTree.MODE, StopMode.FAST);
        return new StopCommand.Options(directory(), true, mode, true, limit());
    }

    ReloadCommand.Options reload() throws StartException {
        return new ReloadCommand.Options(directory(), limit());
    }

    ForgetTimelineCommand.Options forgetTimeline() throws StartException {
        return new ForgetTimelineCommand.Options(directory(), parsed.hasMatchedOption(CommandTree.YES), limit());
    }

    TopologyCommand.Options topology() throws StartException {
        boolean watch = parsed.hasMatchedOption(CommandTree.WATCH);
        int seconds = parsed.matchedOptionValue(CommandTree.WATCH, 1);
        if (seconds < 1) {
            throw new ParameterException(parsed.commandSpec().commandLine(), "--watch takes 1 s or more");
        }
        return new TopologyCommand.Options(directory(), watch, Duration.ofSeconds(seconds), limit());
    }

    VersionCommand.Options version() {
        return new VersionCommand.Options(directoryOrNone(), limit());
    }

    StatusCommand.Options status() throws StartException {
        StatusScope scope = parsed.matchedOptionValue(CommandTree.SCOPE, StatusScope.ALL);
        StatusFormat format = parsed.matchedOptionValue(CommandTree.FORMAT, StatusFormat.TEXT);
        return new StatusCommand.Options(directory(), scope, format, limit());
    }

    ShowCommand.Options show() throws StartException {
        return new ShowCommand.Options(directory(), parsed.matchedPositionalValue(0, ""));
    }

    CheckCommand.Options check() throws StartException {
        Path file = parsed.matchedPositionalValue(0, Path.of(""));
        return new CheckCommand.Options(file.toString().isEmpty() ? directory().resolve(ConfigLoader.FILE_NAME) : file);
    }

    private Path directory() throws StartException {
        Path directory = directoryOrNone();
        if (directory.toString().isEmpty()) {
            throw new StartException(Message.NO_DIRECTORY);
        }
        return directory;
    }

    /** Empty if neither -D nor CMDATA names one. */
    private Path directoryOrNone() {
        Path named = parsed.matchedOptionValue(CommandTree.DIRECTORY, Path.of(""));
        if (!named.toString().isEmpty()) {
            return named;
        }
        try {
            return Path.of(environmentDirectory);
        } catch (InvalidPathException e) {
            throw new ParameterException(parsed.commandSpec().commandLine(), "CMDATA is not a path: " + e.getReason());
        }
    }

    private Duration limit() {
        int seconds = parsed.matchedOptionValue(CommandTree.LIMIT, CommandTree.DEFAULT_LIMIT_SECONDS);
        if (seconds < 1) {
            throw new ParameterException(parsed.commandSpec().commandLine(), "the wait limit is at least 1 s");
        }
        return Duration.ofSeconds(seconds);
    }
}
