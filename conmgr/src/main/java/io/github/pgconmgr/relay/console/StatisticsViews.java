package io.github.pgconmgr.relay.console;

import io.github.pgconmgr.relay.statistics.DatabaseFigures;
import io.github.pgconmgr.relay.statistics.Figures;
import io.github.pgconmgr.relay.statistics.Statistic;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** SHOW STATS and its kin: PgBouncer's columns. Stateless. */
final class StatisticsViews {

    private StatisticsViews() {}

    static Table stats(RelayPicture picture) {
        Table table = new Table()
                .text("database")
                .numeric(names(Statistic::totalColumn))
                .numeric(names(Statistic::averageColumn));
        for (DatabaseFigures row : picture.statistics()) {
            table.row(cells(row.database(), row.totals(), row.averages()));
        }
        return table;
    }

    static Table totals(RelayPicture picture) {
        Table table = new Table().text("database").numeric(names(Statistic::plainColumn));
        picture.statistics().forEach(row -> table.row(cells(row.database(), row.totals())));
        return table;
    }

    static Table averages(RelayPicture picture) {
        Table table = new Table().text("database").numeric(names(StatisticsViews::averagesColumn));
        picture.statistics().forEach(row -> table.row(cells(row.database(), row.averages())));
        return table;
    }

    /** PgBouncer has "avg_" in the names of four of them. */
    private static String averagesColumn(Statistic statistic) {
        return switch (statistic) {
            case CLIENT_PARSE_COUNT, SERVER_PARSE_COUNT, BIND_COUNT, CLIENT_LOGIN_COUNT -> statistic.averageColumn();
            case SERVER_ASSIGNMENT_COUNT, XACT_COUNT, QUERY_COUNT, RECEIVED, SENT, XACT_TIME, QUERY_TIME, WAIT_TIME ->
                statistic.plainColumn();
        };
    }

    /** SHOW TOTALS: all databases together, a row for each figure. */
    static Table sums(RelayPicture picture) {
        Table table = new Table().text("name").numeric("value");
        addSums(table, "total_", sum(picture, DatabaseFigures::totals));
        addSums(table, "avg_", sum(picture, DatabaseFigures::averages));
        return table;
    }

    private static void addSums(Table table, String prefix, Figures figures) {
        for (Statistic statistic : Statistic.values()) {
            table.row(prefix + statistic.sumName(), figures.of(statistic));
        }
    }

    private static Figures sum(RelayPicture picture, Function<DatabaseFigures, Figures> part) {
        return picture.statistics().stream().map(part).reduce(Figures.none(), Figures::plus);
    }

    private static String[] names(Function<Statistic, String> name) {
        return Arrays.stream(Statistic.values()).map(name).toArray(String[]::new);
    }

    private static List<Object> cells(String database, Figures... figures) {
        List<Object> cells = new ArrayList<>();
        cells.add(database);
        for (Figures some : figures) {
            for (Statistic statistic : Statistic.values()) {
                cells.add(some.of(statistic));
            }
        }
        return cells;
    }
}
