package dev.tarn.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.model.Problem;
import dev.tarn.model.graph.Project;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@SuppressWarnings("StringConcatToTextBlock") // short files read better in one piece
class SelectionTest {
    @TempDir Path root;
    private ProjectFolder folder;

    /** raw.items, codes -> stg_items -> items -> report; stg_items -> other; tests on some. */
    @BeforeEach
    void folder() {
        folder = new ProjectFolder(root);
        folder.write("seeds/codes.csv", "code\n1\n")
                .write("models/staging/stg_items.sql", "select * from {{ source('raw', 'items') }}")
                .write(
                        "models/gold/items.sql",
                        "{{ config(materialized='table', tags=['nightly', 'gold']) }} select *"
                                + " from {{ ref('stg_items') }}, {{ ref('codes') }}")
                .write(
                        "models/gold/report.sql",
                        "{{ config(tags='nightly') }} select * from {{ ref('items') }}")
                .write("models/other.sql", "select * from {{ ref('stg_items') }}")
                .write("tests/no_items.sql", "select * from {{ ref('items') }} where false")
                .write(
                        "models/models.yml",
                        """
                        sources:
                          - name: raw
                            tables:
                              - name: items
                                columns:
                                  - name: id
                                    tests: [not_null]
                        models:
                          - name: other
                            columns:
                              - name: id
                                tests:
                                  - unique
                                  - relationships: {to: ref('items'), field: id}
                        """);
    }

    private static String names(Project project, Selection selection, List<Problem> warnings) {
        return selection.select(project, warnings::add).stream()
                .map(id -> id.value().split("\\.", -1))
                .map(p -> p[0].equals("source") ? p[2] + "." + p[3] : p[2])
                .sorted()
                .collect(Collectors.joining(" "));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "other              | other relationships_other_id__id__ref_items_ unique_other_id",
                "report             | report",
                "report items       | items no_items relationships_other_id__id__ref_items_ report",
                "shop.gold          | items no_items relationships_other_id__id__ref_items_ report",
                "gold.*             | items no_items relationships_other_id__id__ref_items_ report",
                "*.rep*             | report",
                "items,other        | relationships_other_id__id__ref_items_",
                "tag:gold,tag:nightly | items no_items relationships_other_id__id__ref_items_",
                "path:models/gold,report | report",
                "models/staging     | stg_items",
                "*.stg_*,resource_type:model | stg_items",
                "staging.stg_*,resource_type:model | stg_items",
                "shop.sta*,resource_type:model | stg_items",
                "othe?              | other relationships_other_id__id__ref_items_ unique_other_id",
                "*re*t,resource_type:model | report",
                "report.sql         | report",
                "file:report        | report",
                "+report,resource_type:model | items report stg_items"
                        + " no_items relationships_other_id__id__ref_items_",
                "1+report,resource_type:model | items report"
                        + " no_items relationships_other_id__id__ref_items_",
                "source:raw         | raw.items source_not_null_raw_items_id",
                "source:raw.items+1,resource_type:model | stg_items",
                "raw.items          | raw.items source_not_null_raw_items_id",
                "resource_type:seed | codes",
                "config.materialized:table | items no_items relationships_other_id__id__ref_items_",
                "test_type:singular | no_items",
                "test_name:unique   | unique_other_id",
                "test_type:generic,other+ | relationships_other_id__id__ref_items_ unique_other_id",
                "package:shop,codes | codes",
                "@codes,resource_type:model | items report stg_items other unique_other_id"
                        + " no_items relationships_other_id__id__ref_items_",
            })
    void selectsWhatDbtSelects(String select, String expected) {
        List<Problem> warnings = new ArrayList<>();
        String sorted =
                List.of(expected.split(" ", -1)).stream().sorted().collect(Collectors.joining(" "));
        assertThat(names(folder.compile(), Selection.parse(select, ""), warnings))
                .isEqualTo(sorted);
        assertThat(warnings).isEmpty();
    }

    @Test
    void theOrderIsTheProjects() {
        Project project = folder.compile();
        assertThat(
                        Selection.parse("report stg_items items", "resource_type:test")
                                .select(project, w -> {}))
                .map(Object::toString)
                .containsExactly("model.shop.stg_items", "model.shop.items", "model.shop.report");
        assertThat(Selection.all().select(project, w -> {}))
                .containsExactlyElementsOf(project.nodes().keySet());
    }

    @Test
    void whatIsExcludedGoesWithItsTests() {
        assertThat(
                        names(
                                folder.compile(),
                                Selection.parse("models/gold other", "tag:gold"),
                                new ArrayList<>()))
                .isEqualTo("other report unique_other_id");
    }

    @Test
    void termsThatMeanNothingAreToldWithWhatWasMeant() {
        List<Problem> warnings = new ArrayList<>();
        assertThat(
                        names(
                                folder.compile(),
                                Selection.parse("tag:nigthly reprot zzz rep*", ""),
                                warnings))
                .isEmpty();
        assertThat(warnings)
                .map(Problem::toString)
                .containsExactly(
                        "'tag:nigthly' does not match any node. Did you mean 'nightly'?"
                                + " [SELECTION_INVALID]",
                        "'reprot' does not match any node. Did you mean 'report'?"
                                + " [SELECTION_INVALID]",
                        "'zzz' does not match any node. [SELECTION_INVALID]",
                        "'rep*' does not match any node. Did you mean '*.rep*'? Folders are part of"
                                + " names. [SELECTION_INVALID]");
    }

    @Test
    void allTermsThatCannotBeReadAreToldAtOnce() {
        assertThatThrownBy(() -> Selection.parse("tagg:x a,,b @a+", ""))
                .hasMessage(
                        """
                        '' is not a selection. Write a name, or 'tag:x', 'path:models/x', 'source:x', \
                        with '+' before or after it for what it reads or what reads it. \
                        [SELECTION_INVALID]
                        '@a+' has both '@' and '+' behind it. '@' already includes what reads it. \
                        [SELECTION_INVALID]
                        'tagg:x' selects by 'tagg', which is not known. Did you mean 'tag'? \
                        [SELECTION_INVALID]\
                        """);
    }

    @Test
    void wordsThatAMethodDoesNotKnowAreRefused() {
        assertThatThrownBy(() ->
                        Selection.parse(
                                "resource_type:modle version:newest test_type:slow state:changed",
                                ""))
                .hasMessageContaining(
                        "'modle' is none of those that 'resource_type:modle' can ask for")
                .hasMessageContaining("Did you mean 'model'?")
                .hasMessageContaining("latest, none, old, prerelease")
                .hasMessageContaining("data, generic, singular, unit")
                .hasMessageContaining("'changed' is none of those");
    }

    @ParameterizedTest
    @ValueSource(strings = {"state:modified", "result:error+", "source_status:fresher"})
    void withNothingToCompareWithNothingIsBuiltInSilence(String select) {
        Project project = folder.compile();
        assertThatThrownBy(() -> Selection.parse(select, "").select(project, w -> {}))
                .hasMessageContaining("'" + select + "' compares with an earlier invocation")
                .hasMessageContaining("--state FOLDER");
    }

    /** As a script does whose variable is empty. */
    @Test
    void aTextThatSaysNothingSelectsNothing() {
        Project project = folder.compile();
        assertThat(Selection.parse(List.of(""), List.of()).select(project, w -> {})).isEmpty();
        assertThat(Selection.parse(List.of(" "), List.of("tag:gold")).select(project, w -> {}))
                .isEmpty();
        assertThat(Selection.parse(List.of(), List.of("")).select(project, w -> {}))
                .containsExactlyElementsOf(project.nodes().keySet());
    }

    @Test
    void whatIsDeclaredHasANameInItsPackage() {
        folder.write(
                "models/dashboards.yml",
                """
                exposures:
                  - name: screen
                    type: dashboard
                    owner: {email: a@example.com}
                    depends_on: [ref('report')]
                """);
        Project project = folder.compile();
        for (String select : List.of("shop.*", "package:this", "screen")) {
            assertThat(Selection.parse(select, "").everything(project, w -> {}))
                    .as(select)
                    .map(Object::toString)
                    .contains("exposure.shop.screen");
        }
        assertThat(Selection.parse("report", "").everything(project, w -> {}))
                .map(Object::toString)
                .doesNotContain("exposure.shop.screen");
    }
}
