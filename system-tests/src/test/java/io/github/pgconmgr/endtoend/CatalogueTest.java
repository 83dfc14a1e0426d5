package io.github.pgconmgr.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.testkit.BuildFolder;
import io.github.pgconmgr.testkit.Machine;
import io.github.pgconmgr.testkit.PgCluster;
import io.github.pgconmgr.testkit.PgInstance;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** What conmgr's build declares of PostgreSQL's catalogue and of the extension is what a server has, name by name and type by type. */
class CatalogueTest {

    private static PgCluster cluster;
    private static PgInstance instance;
    private static Document declared;

    @BeforeAll
    static void build() throws Exception {
        declared = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(BuildFolder.root()
                        .resolve("conmgr/src/main/jooq/catalogue.xml")
                        .toFile());
        cluster = new PgCluster();
        instance = cluster.primary("one", Machine.LOCAL, Map.of());
        instance.sql("CREATE EXTENSION watchdog");
    }

    @AfterAll
    static void close() {
        cluster.close();
    }

    private static List<Element> all(String tag) {
        NodeList nodes = declared.getElementsByTagName(tag);
        return IntStream.range(0, nodes.getLength())
                .mapToObj(i -> (Element) nodes.item(i))
                .toList();
    }

    private static String text(Element element, String tag) {
        return element.getElementsByTagName(tag).item(0).getTextContent();
    }

    private static List<String> lines(String sql) {
        return instance.sql(sql).lines().toList();
    }

    private static List<String> functions(String name) {
        return lines("SELECT n.nspname || '.' || p.proname || '(' || oidvectortypes(p.proargtypes) || ') '"
                + " || format_type(p.prorettype, NULL) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
                + " WHERE p.proname = '" + name + "'");
    }

    private static List<String> outColumns(String function) {
        return lines("SELECT c.name || ' ' || format_type(c.type, NULL) FROM pg_proc p,"
                + " unnest(p.proargnames, p.proallargtypes) AS c(name, type) WHERE p.proname = '" + function + "'");
    }

    private static List<String> viewColumns(String schema, String view) {
        return lines("SELECT attname || ' ' || format_type(atttypid, atttypmod) FROM pg_attribute"
                + " WHERE attrelid = to_regclass('" + schema + "." + view + "') AND attnum > 0 ORDER BY attnum");
    }

    private static List<String> columnsOf(String schema, String table) {
        return all("column").stream()
                .filter(column -> text(column, "table_schema").equals(schema)
                        && text(column, "table_name").equals(table))
                .map(column -> text(column, "column_name") + " " + text(column, "data_type"))
                .toList();
    }

    @Test
    void everyFunctionHasItsArgumentsAndItsType() {
        for (Element routine : all("routine")) {
            String name = text(routine, "routine_name");
            List<String> arguments = all("parameter").stream()
                    .filter(parameter -> text(parameter, "specific_name").equals(name))
                    .map(parameter -> text(parameter, "data_type"))
                    .toList();
            String wanted = text(routine, "routine_schema") + "." + name + "(" + String.join(", ", arguments) + ") "
                    + text(routine, "data_type");
            assertTrue(functions(name).contains(wanted), () -> wanted + " is not among " + functions(name));
        }
    }

    @Test
    void everyViewAndEverySetReturningFunctionHasItsColumns() {
        List<String> missing = new ArrayList<>();
        for (Element table : all("table")) {
            String schema = text(table, "table_schema");
            String name = text(table, "table_name");
            List<String> real = viewColumns(schema, name);
            List<String> found = real.isEmpty() ? outColumns(name) : real;
            List<String> wanted = columnsOf(schema, name);
            assertFalse(wanted.isEmpty(), name);
            wanted.stream()
                    .filter(column -> !found.contains(column))
                    .forEach(column -> missing.add(name + ": " + column));
            if (schema.equals("public")) {
                assertEquals(new TreeSet<>(found), new TreeSet<>(wanted), "the extension's own view is declared whole");
            }
        }
        assertEquals(List.of(), missing);
    }
}
