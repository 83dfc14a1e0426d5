package io.github.pgconmgr.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** What every test instance has in postgresql.conf and pg_hba.conf. Immutable: no state. */
final class PgSettings {

    private static final Map<String, String> DEFAULTS = Map.ofEntries(
            Map.entry("max_connections", "50"),
            Map.entry("max_worker_processes", "12"),
            Map.entry("shared_buffers", "16MB"),
            Map.entry("min_wal_size", "8MB"),
            Map.entry("max_wal_size", "64MB"),
            Map.entry("wal_keep_size", "64MB"),
            Map.entry("wal_retrieve_retry_interval", "200ms"),
            // Killed instances must leave nothing in /dev/shm.
            Map.entry("dynamic_shared_memory_type", "mmap"),
            // A killed process keeps the page cache; only the machine's own fall would lose something.
            Map.entry("fsync", "off"),
            Map.entry("jit", "off"),
            Map.entry("log_line_prefix", "%m [%p] %b "),
            Map.entry("log_timezone", "UTC"),
            Map.entry("timezone", "UTC"),
            Map.entry("lc_messages", "C"),
            Map.entry("logging_collector", "off"));

    private static final String HBA = """
            local all         all           trust
            local replication all           trust
            host  all         all 0.0.0.0/0 trust
            host  all         all ::/0      trust
            host  replication all 0.0.0.0/0 trust
            host  replication all ::/0      trust
            """;

    private PgSettings() {}

    /** Writes both files; the given settings go before the defaults. */
    static void write(Path data, Map<String, String> settings) {
        Map<String, String> all = new TreeMap<>(DEFAULTS);
        all.putAll(settings);
        StringBuilder text = new StringBuilder();
        all.forEach((name, value) -> text.append(name)
                .append(" = '")
                .append(value.replace("'", "''"))
                .append("'\n"));
        try {
            // The files are there already and keep their owner.
            Files.writeString(data.resolve("postgresql.conf"), text);
            Files.writeString(data.resolve("pg_hba.conf"), HBA);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the settings of " + data, e);
        }
    }
}
