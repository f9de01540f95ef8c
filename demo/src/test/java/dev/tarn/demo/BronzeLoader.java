package dev.tarn.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * Takes the shop's files into bronze tables by DuckDB's own readers, leaving out what does not fit.
 */
final class BronzeLoader {
    private static final String PLACE = "_file varchar, _row bigint, _ingested_at timestamptz";
    private static final Map<String, String> COLUMNS =
            Map.of(
                    "customers",
                    "customer_id bigint, extract_date date, name varchar, email varchar, country varchar,"
                            + " city varchar, address varchar, tier varchar, signed_up_on date",
                    "orders",
                    "order_id bigint, customer_id bigint, ordered_at timestamp, updated_at timestamp,"
                            + " status varchar, currency varchar, channel varchar, coupon varchar",
                    "order_items",
                    "order_id bigint, line_number integer, product_id bigint, quantity integer,"
                            + " unit_price varchar",
                    "products",
                    "product_id bigint, name varchar, category varchar, price decimal(12,2),"
                            + " tags varchar[], details struct(colour varchar, grams integer), listed_on date",
                    "events",
                    "event_id varchar, session_id varchar, customer_id bigint, event_type varchar,"
                            + " occurred_at timestamptz, path varchar, product_id bigint, device varchar");

    private final ShopWarehouse warehouse;
    private final Path landing;

    BronzeLoader(ShopWarehouse warehouse, Path landing) throws SQLException {
        this.warehouse = warehouse;
        this.landing = landing;
        for (Map.Entry<String, String> table : COLUMNS.entrySet()) {
            warehouse.execute(
                    "create table bronze.%s (%s, %s)"
                            .formatted(table.getKey(), table.getValue(), PLACE));
        }
    }

    /** Lands the files that are wanted, all at the same moment. */
    void load(String moment, Predicate<Path> wanted) throws SQLException, IOException {
        for (String table : List.of("customers", "orders", "order_items")) {
            for (Map.Entry<String, List<Path>> group : byHeader(table, wanted).entrySet()) {
                csv(table, group.getKey(), list(group.getValue()), moment);
            }
        }
        List<Path> products = files("products", wanted);
        if (!products.isEmpty()) {
            products(list(products), moment);
        }
        events(list(files("events", wanted)), moment);
    }

    void load(String moment) throws SQLException, IOException {
        load(moment, file -> true);
    }

    /** Lands one more file of order lines. */
    void loadOrderItems(String moment, Path file) throws SQLException, IOException {
        csv("order_items", header(file), list(List.of(file)), moment);
    }

    private void csv(String table, String header, String files, String moment) throws SQLException {
        Map<String, String> types =
                Stream.of(Objects.requireNonNull(COLUMNS.get(table)).split(", ?"))
                        .map(column -> column.split(" "))
                        .collect(Collectors.toMap(c -> c[0], c -> c[1]));
        String columns =
                Stream.of(header.split(","))
                        .map(column -> "'%s': '%s'".formatted(column, types.get(column)))
                        .collect(Collectors.joining(", ", "{", "}"));
        warehouse.execute(
                """
                insert into bronze.%s by name
                select * exclude (filename), filename as _file, row_number() over () as _row,
                    timestamptz '%s' as _ingested_at
                from read_csv(%s, auto_detect=false, header=true, delim=',', quote='"', escape='"',
                    columns=%s, ignore_errors=true, null_padding=false, filename=true, parallel=false)
                """
                        .formatted(table, moment, files, columns));
    }

    private void products(String files, String moment) throws SQLException {
        warehouse.execute(
                """
                insert into bronze.products by name
                select * exclude (filename) replace (try_cast(price as decimal(12, 2)) as price),
                    filename as _file, row_number() over () as _row, timestamptz '%s' as _ingested_at
                from read_json(%s, format='array', filename=true, columns={
                    product_id: 'bigint', name: 'varchar', category: 'varchar', price: 'varchar',
                    tags: 'varchar[]', details: 'struct(colour varchar, grams integer)',
                    listed_on: 'date'})
                where try_cast(price as decimal(12, 2)) is not null
                """
                        .formatted(moment, files));
    }

    private void events(String files, String moment) throws SQLException {
        warehouse.execute(
                """
                insert into bronze.events by name
                with lines as (
                    select line, filename, row_number() over () as number
                    from read_csv(%s, auto_detect=false, header=false, delim='\t', quote='', escape='',
                        columns={line: 'varchar'}, filename=true)
                )
                select
                    line ->> 'event_id' as event_id, line ->> 'session_id' as session_id,
                    cast(line ->> 'customer_id' as bigint) as customer_id,
                    line ->> 'event_type' as event_type,
                    cast(line ->> 'occurred_at' as timestamptz) as occurred_at,
                    line ->> 'path' as path, cast(line ->> 'product_id' as bigint) as product_id,
                    line ->> 'device' as device, filename as _file, number as _row,
                    timestamptz '%s' as _ingested_at
                from lines
                where case when json_valid(line)
                    then try_cast(line ->> 'occurred_at' as timestamptz) is not null else false end
                """
                        .formatted(files, moment));
    }

    /** DuckDB wants to be told the columns of each group of files. */
    private Map<String, List<Path>> byHeader(String table, Predicate<Path> wanted)
            throws IOException {
        Map<String, List<Path>> groups = new TreeMap<>();
        for (Path file : files(table, wanted)) {
            groups.computeIfAbsent(header(file), h -> new ArrayList<>()).add(file);
        }
        return groups;
    }

    private static String header(Path file) throws IOException {
        try (InputStream plain = Files.newInputStream(file);
                InputStream in =
                        file.toString().endsWith(".gz") ? new GZIPInputStream(plain) : plain;
                BufferedReader reader =
                        new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            return String.valueOf(reader.readLine()).replace("\uFEFF", "");
        }
    }

    private List<Path> files(String table, Predicate<Path> wanted) throws IOException {
        try (Stream<Path> all = Files.list(landing.resolve(table))) {
            return all.filter(wanted).sorted().toList();
        }
    }

    private static String list(List<Path> files) {
        return files.stream().map(f -> "'" + f + "'").collect(Collectors.joining(", ", "[", "]"));
    }
}
