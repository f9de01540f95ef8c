package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.model.RefName;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.run.RunStatus;
import dev.tarn.run.Cancellation;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Documents that stay what they are: from JSON to a model that reads parts of them. */
final class VariantTest {
    @TempDir Path folder;

    private Workshop shop;

    /** A source of events, a table of parts of them, and one that merges whole documents. */
    static Workshop events(Path folder) {
        return new Workshop(folder)
                .put(
                        "models/events.yml",
                        """
                        version: 2
                        sources:
                          - name: app
                            schema: bronze
                            tables:
                              - name: events
                                ingest:
                                  location: landing/*.ndjson
                                  format: json
                                  column_types: {payload: VARIANT}
                        """)
                .put(
                        "models/orders.sql",
                        """
                        select id,
                            payload.customer.name::varchar as customer,
                            payload.items[1].price::decimal(9, 2) as first_price,
                            cast(payload.paid as boolean) as paid,
                            payload.note is null as has_no_note
                        from {{ source('app', 'events') }}
                        """)
                .put(
                        "models/newest.sql",
                        """
                        {{ config(materialized='incremental', unique_key='id') }}
                        select id, payload from {{ source('app', 'events') }}
                        {% if is_incremental() %} where id >= 2 {% endif %}
                        """)
                .put(
                        "landing/1.ndjson",
                        """
                        {"id": 1, "payload": {"customer": {"name": "Ann"}, "items": [{"price": 1.5}, {"price": 2}], "paid": true}}
                        {"id": 2, "payload": {"customer": {"name": "Bob"}, "items": [], "paid": false, "note": "Ünï"}}
                        {"id": 3, "payload": "only text"}
                        """);
    }

    @BeforeEach
    void openShop() {
        shop = events(folder);
    }

    @AfterEach
    void closeShop() {
        shop.close();
    }

    @Test
    void documentsLandAreReadInPartsAndMerged() {
        assertThat(shop.build().run().status()).isEqualTo(RunStatus.PUBLISHED);
        assertThat(shop.rows("select typeof(payload) from bronze.events limit 1"))
                .containsExactly("VARIANT");
        assertThat(shop.rows("from main.orders order by id"))
                .containsExactly(
                        "1|Ann|1.50|true|true", "2|Bob|null|false|false", "3|null|null|null|true");

        shop.put(
                "landing/2.ndjson",
                "{\"id\": 4, \"payload\": {\"customer\": {\"name\": 7}, \"paid\": null}}\n");
        assertThat(shop.build().run().status()).isEqualTo(RunStatus.PUBLISHED);

        assertThat(shop.rows("from main.orders where id = 4"))
                .containsExactly("4|7|null|null|true");
        assertThat(shop.rows("select id, payload::json from main.newest order by id"))
                .containsExactly(
                        "1|{\"customer\":{\"name\":\"Ann\"},\"items\":[{\"price\":1.5},{\"price\":2}],\"paid\":true}",
                        "2|{\"customer\":{\"name\":\"Bob\"},\"items\":[],\"note\":\"Ünï\",\"paid\":false}",
                        "3|\"only text\"",
                        "4|{\"customer\":{\"name\":7},\"paid\":null}");
    }

    @Test
    void partsOfColumnsCannotBeDocuments() {
        assertThatThrownBy(() ->
                        shop.tarn()
                                .execute(
                                        SqlText.ofFile(
                                                "create table s.t (st struct(w variant))", "sql"),
                                        RefName.MAIN,
                                        new Cancellation()))
                .hasMessage(
                        "sql:1:14: Column 'st' holds a VARIANT in a struct, a list or a map, and only whole columns can be written as VARIANT. Make all of it one: st::variant. [UNSUPPORTED]");
    }
}
