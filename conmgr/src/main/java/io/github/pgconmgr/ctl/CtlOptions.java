package io.github.pgconmgr.ctl;

import io.github.pgconmgr.admin.AwaitScope;
import io.github.pgconmgr.admin.StatusScope;
import io.github.pgconmgr.admin.StopMode;
import io.github.pgconmgr.config.ConfigLoader;
import io.github.pgconmgr.daemon.StartException;
import io.github.pgconmgr.log.Message;
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
        return new StopCommand.Options(directory(), !parsed.hasMatchedOption(CommandTree.NO_WAIT), mode, limit());
    }

    StatusCommand.Options status() throws StartException {
        StatusScope scope = parsed.matchedOptionValue(CommandTree.SCOPE, StatusScope.ALL);
        return new StatusCommand.Options(directory(), scope, limit());
    }

    ShowCommand.Options show() throws StartException {
        return new ShowCommand.Options(directory(), parsed.matchedPositionalValue(0, ""));
    }

    CheckCommand.Options check() throws StartException {
        Path file = parsed.matchedPositionalValue(0, Path.of(""));
        return new CheckCommand.Options(file.toString().isEmpty() ? directory().resolve(ConfigLoader.FILE_NAME) : file);
    }

    private Path directory() throws StartException {
        Path directory = parsed.matchedOptionValue(CommandTree.DIRECTORY, Path.of(environmentDirectory));
        if (directory.toString().isEmpty()) {
            throw new StartException(Message.NO_DIRECTORY);
        }
        return directory;
    }

    private Duration limit() {
        int seconds = parsed.matchedOptionValue(CommandTree.LIMIT, CommandTree.DEFAULT_LIMIT_SECONDS);
        if (seconds < 1) {
            throw new ParameterException(parsed.commandSpec().commandLine(), "the wait limit is at least 1 s");
        }
        return Duration.ofSeconds(seconds);
    }
}
