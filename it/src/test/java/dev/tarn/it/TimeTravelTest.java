package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.app.At;
import dev.tarn.model.RefName;
import dev.tarn.model.TableName;
import dev.tarn.run.RunReport;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every published state can be read again: by publication, time, run, tag. */
final class TimeTravelTest {
    @TempDir Path folder;

    @Test
    void oldStatesAreReadWhole() {
        try (Workshop shop = new Workshop(folder)) {
            shop.put("models/a.sql", "select 1 as n");
            shop.put(
                    "models/b.sql",
                    "{{ config(materialized='view') }} select n from {{ ref('a') }}");
            RunReport first = shop.build();
            shop.tarn().states().createTag(new RefName("v1"), At.MAIN);
            shop.put("models/a.sql", "select 'two' as n, 2 as extra");
            RunReport second = shop.build();
            assertThat(second.problems()).isEmpty();
            String query = "select a.n, b.n from main.a join main.b on true";
            long publication = first.run().publication().orElseThrow().value();
            String between = shop.tarn().publications(RefName.MAIN, 10).getLast().at().toString();

            assertThat(shop.rows(query)).containsExactly("two|two");
            assertThat(shop.rows(query, String.valueOf(publication))).containsExactly("1|1");
            assertThat(shop.rows(query, "main@" + publication)).containsExactly("1|1");
            assertThat(shop.rows(query, "main@" + between)).containsExactly("1|1");
            assertThat(shop.rows(query, "v1")).containsExactly("1|1");
            assertThat(shop.rows(query, "run:" + first.run().id())).containsExactly("1|1");
            assertThat(shop.rows(query, "run:" + second.run().id())).containsExactly("two|two");
            assertThat(shop.tarn().history(TableName.parse("main.a"), RefName.MAIN, 10)).hasSize(2);
            shop.tarn().clean(false);
            assertThat(shop.rows(query, "v1")).containsExactly("1|1");
        }
    }

    @Test
    void timesMeanTheEndOfTheDayOrSecondThatIsWritten() {
        assertThat(At.parse("2026-11-21")).hasToString("main@2026-11-21T23:59:59.999Z");
        assertThat(At.parse("2026-11-21 10:00:00"))
                .hasToString("main@2026-11-21T10:00:00.999999999Z");
        assertThat(At.parse("dev@2026-11-21T10:00:00Z"))
                .hasToString("dev@2026-11-21T10:00:00.999999999Z");
        assertThat(At.parse("2026-11-21T10:00:00.500Z"))
                .hasToString("main@2026-11-21T10:00:00.500Z");
    }

    @Test
    void beforeTheFirstPublicationThereIsNothing() {
        try (Workshop shop = new Workshop(folder)) {
            shop.put("models/a.sql", "select 1 as n");
            shop.build();

            assertThatThrownBy(() -> shop.rows("select n from main.a", "2020-01-01"))
                    .hasMessage(
                            "The ref 'main' showed nothing yet at 2020-01-01T23:59:59.999Z."
                                    + " `tarn history` lists its publications and their times. [PUBLICATION_NOT_FOUND]");
        }
    }
}
