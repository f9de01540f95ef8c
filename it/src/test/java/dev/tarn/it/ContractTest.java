package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tarn.app.BuildOptions;
import dev.tarn.app.BuildRequest;
import dev.tarn.model.TarnException;
import dev.tarn.run.RunReport;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Columns that a model promises, and rules for its rows. */
final class ContractTest {
    @TempDir Path folder;
    private Workshop shop;

    @BeforeEach
    void openShop() {
        shop = new Workshop(folder);
        shop.put(
                "models/m.yml",
                """
                version: 2
                models:
                  - name: m
                    config: {contract: {enforced: true}}
                    constraints:
                      - {type: check, expression: "amount >= 0", columns: [amount]}
                    columns:
                      - name: id
                        data_type: int
                        constraints: [{type: not_null}, {type: unique}]
                      - {name: amount, data_type: decimal}
                """);
    }

    @AfterEach
    void closeShop() {
        shop.close();
    }

    @Test
    void whatDiffersIsShownAsATable() {
        shop.put("models/m.sql", "select '1' as id, 2 as other");
        assertThat(Workshop.told(catchThrowableOfType(TarnException.class, () -> shop.build())))
                .isEqualTo(
                        """
                        models/m.sql:1:1: Model 'm' does not keep its contract. Make names and data types of the columns equal in both.
                        | column_name | definition_type | contract_type | mismatch_reason       |
                        | ----------- | --------------- | ------------- | --------------------- |
                        | amount      |                 | DECIMAL(18,3) | missing in definition |
                        | id          | VARCHAR         | INTEGER       | data type mismatch    |
                        | other       | INTEGER         |               | missing in contract   | [TYPE_MISMATCH]\
                        """);
    }

    @Test
    void columnsComeInTheOrderOfTheContract() {
        shop.put("models/m.sql", "select 1.5 as amount, 1 as id");
        assertThat(Workshop.told(shop.build().problems())).isEmpty();
        assertThat(shop.rows("from main.m")).containsExactly("1|1.500");
    }

    @Test
    void rowsThatBreakAConstraintFailTheModel() {
        shop.put(
                "models/m.sql",
                "select null::int as id, -1.0 as amount union all select 1, 1 union all select 1, 1");
        assertThat(Workshop.told(shop.build().problems()))
                .isEqualTo(
                        """
                        models/m.sql:1:1: m breaks its constraint not_null on id in 1 row. Correct the query, or the constraint. [DATA_INVALID]
                        models/m.sql:1:1: m breaks its constraint unique on id in 2 rows. Correct the query, or the constraint. [DATA_INVALID]
                        models/m.sql:1:1: m breaks its constraint check (amount >= 0) in 1 row. Correct the query, or the constraint. [DATA_INVALID]\
                        """);
    }

    @Test
    void aContractCountsAlsoWhereTheRestOfTheRunGoesOn() {
        shop.put("models/m.sql", "select '1' as id, 2.5 as amount");
        shop.put("models/other.sql", "select 1 as id");
        RunReport report =
                shop.build(
                        BuildRequest.everything("build")
                                .with(BuildOptions.NONE.withKeepGoing(true)));
        assertThat(Workshop.told(report.problems()))
                .isEqualTo(
                        """
                        models/m.sql:1:1: Model 'm' does not keep its contract. Make names and data types of the columns equal in both.
                        | column_name | definition_type | contract_type | mismatch_reason    |
                        | ----------- | --------------- | ------------- | ------------------ |
                        | id          | VARCHAR         | INTEGER       | data type mismatch | [TYPE_MISMATCH]\
                        """);
    }

    @Test
    void aContractCountsForCodeThatIsKnownWhenItRuns() {
        shop.put(
                "models/m.sql",
                "select 1 as id, {{ run_query('select 3 as n').columns[0].values()[0] }} as amount");
        assertThat(Workshop.told(shop.build().problems()))
                .isEqualTo(
                        """
                        models/m.sql:1:1: Model 'm' does not keep its contract. Make names and data types of the columns equal in both.
                        | column_name | definition_type | contract_type | mismatch_reason    |
                        | ----------- | --------------- | ------------- | ------------------ |
                        | amount      | INTEGER         | DECIMAL(18,3) | data type mismatch | [TYPE_MISMATCH]\
                        """);
    }
}
