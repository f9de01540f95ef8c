package dev.tarn.project;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("StringConcatToTextBlock") // short files read better in one piece
class MacroErrorsTest {
    @TempDir Path root;
    private ProjectFolder folder;

    @BeforeEach
    void folder() {
        folder = new ProjectFolder(root);
    }

    @Test
    void macrosThatDoNotExistAreToldWithWhatWasMeant() {
        folder.write("macros/m.sql", "{% macro cents(column, scale=2) %}{{ column }}{% endmacro %}")
                .write("dbt_packages/tools/dbt_project.yml", "name: tools\n")
                .write("dbt_packages/tools/macros/t.sql", "{% macro star(x) %}*{% endmacro %}")
                .write("models/a.sql", "select {{ cent('id') }}")
                .write("models/b.sql", "select {{ dbt.dateaddd('day', 1, 'at') }}")
                .write("models/c.sql", "select {{ tools.start('a') }}")
                .write("models/d.sql", "select {{ star('a') }}")
                .write("models/e.sql", "select {{ dbt_utils.star('a') }}")
                .write("models/f.sql", "select {{ reff('a') }}")
                .write("models/g.sql", "select {{ cents('id', precision=3) }}")
                .write("models/h.sql", "select {{ cents('id', 2, 3) }}")
                .write("models/i.sql", "select {{ adapter.dispatch('nope', 'shop')() }}")
                .write("models/j.sql", "select {{ ref() }}, {{ source('a') }}");
        assertThat(folder.errors())
                .isEqualTo(
                        """
                        models/a.sql:1:11: 'cent' is undefined. Did you mean 'cents'? [TEMPLATE_FAILED]
                        models/b.sql:1:15: Package 'dbt' has no macro 'dateaddd'. Did you mean \
                        'dateadd'? [TEMPLATE_FAILED]
                        models/c.sql:1:17: Package 'tools' has no macro 'start'. Did you mean 'star'? \
                        [TEMPLATE_FAILED]
                        models/d.sql:1:11: 'star' is undefined. Package 'tools' has such a macro: write \
                        tools.star. [TEMPLATE_FAILED]
                        models/e.sql:1:11: 'dbt_utils' is undefined. If it comes from a package, name \
                        that in packages.yml and run `tarn deps`. [TEMPLATE_FAILED]
                        models/f.sql:1:11: 'reff' is undefined. Did you mean 'ref'? [TEMPLATE_FAILED]
                        models/g.sql:1:11: macro 'cents' takes no keyword argument 'precision'. \
                        [TEMPLATE_FAILED]
                        models/h.sql:1:11: macro 'cents' takes not more than 2 argument(s). \
                        [TEMPLATE_FAILED]
                        models/i.sql:1:19: No macro is called 'nope' in namespace 'shop'. Searched \
                        for: shop.duckdb__nope, shop.default__nope. [TEMPLATE_FAILED]
                        models/j.sql:1:11: ref() takes the name of a model, or a package and a name. \
                        [TEMPLATE_FAILED]\
                        """);
    }

    @Test
    void genericTestsThatAreReadFindWhatTheirMacrosCallByNameAlone() {
        folder.write("dbt_packages/tools/dbt_project.yml", "name: tools\n")
                .write(
                        "dbt_packages/tools/macros/t.sql",
                        """
                        {% macro kind() %}varchar{% endmacro %}
                        {% macro shell() %}select cast(null as {{ kind() }}){% endmacro %}
                        {% test early(model) %}
                        {% if execute %} select 1 {% else %} {{ tools.shell() }} {% endif %}
                        {% endtest %}
                        {% test late(model) %}{{ tools.shell() }}{% endtest %}
                        """)
                .write("models/a.sql", "select 1 as a")
                .write("models/a.yml", "models: [{name: a, data_tests: [tools.early]}]");
        assertThat(folder.compile().nodes()).hasSize(2);

        folder.write("models/a.yml", "models: [{name: a, data_tests: [tools.late]}]");
        assertThat(folder.errors())
                .isEqualTo(
                        "models/a.yml:1:33: Test 'late': 'kind' is undefined. Package 'tools' has"
                                + " such a macro: write tools.kind."
                                + " (dbt_packages/tools/macros/t.sql:2:43) [TEMPLATE_FAILED]");
    }

    @Test
    void pythonIsNotSubmittedByTemplates() {
        folder.write("models/a.sql", "select {{ submit_python_job(model, 'x') }}");
        assertThat(folder.errors())
                .isEqualTo(
                        "models/a.sql:1:11: submit_python_job() cannot be called from a template."
                                + " Write the code as a model: models/NAME.py with a function"
                                + " model(dbt, session). [TEMPLATE_FAILED]");
    }

    @Test
    void macrosThatCallEachOtherWithoutEndAreToldAsACircle() {
        folder.write(
                        "macros/m.sql",
                        """
                        {% macro ping() %}{{ pong() }}{% endmacro %}
                        {% macro pong() %}{{ ping() }}{% endmacro %}
                        {% macro me() %}{{ me() }}{% endmacro %}
                        """)
                .write("models/a.sql", "select {{ ping() }}")
                .write("models/b.sql", "select {{ me() }}");
        assertThat(folder.errors())
                .isEqualTo(
                        """
                        macros/m.sql:2:22: Macros, includes or loops are nested more than 300 deep. \
                        Check for a macro that calls itself without end. They call each other in a \
                        circle: pong -> ping -> pong. In macro 'pong' called at macros/m.sql:1:22, in \
                        macro 'ping' called at macros/m.sql:2:22, in macro 'pong' called at \
                        macros/m.sql:1:22, in 296 calls more, in macro 'ping' called at \
                        models/a.sql:1:11. [TEMPLATE_FAILED]
                        macros/m.sql:3:20: Macros, includes or loops are nested more than 300 deep. \
                        Check for a macro that calls itself without end. They call each other in a \
                        circle: me -> me. In macro 'me' called at macros/m.sql:3:20, in macro 'me' \
                        called at macros/m.sql:3:20, in 297 calls more, in macro 'me' called at \
                        models/b.sql:1:11. [TEMPLATE_FAILED]\
                        """);
    }

    @Test
    void templatesThatGoOnForEverAreStopped() {
        folder.write("models/a.sql", "{% for i in range(100000000000) %}x{% endfor %}")
                .write(
                        "models/b.sql",
                        "{% for i in range(1000000) %}{% for j in range(1000000) %}{% endfor %}{% endfor %}")
                .write("models/c.sql", "select '{{ 'x' * 1000000000 }}'")
                .write(
                        "models/d.sql",
                        "{% set l = [1] %}{% for i in range(100) %}{% do l.extend(l) %}{% endfor %}");
        assertThat(folder.errors())
                .isEqualTo(
                        """
                        models/a.sql:1:13: range() of 100000000000 numbers is beyond the limit of \
                        1000000. [TEMPLATE_FAILED]
                        models/b.sql:1:30: The loops of this rendering took more than 10000000 rounds. \
                        Check what the loop runs over. [TEMPLATE_FAILED]
                        models/c.sql:1:16: A value of size 1000000000 is beyond the limit of 50000000. \
                        [TEMPLATE_FAILED]
                        models/d.sql:1:51: A list of 16777216 items is beyond the limit of 10000000. \
                        Check for a loop that adds a list to itself. [TEMPLATE_FAILED]\
                        """);
    }

    @Test
    void aDocsBlockMustNotStandTwiceInAPackage() {
        folder.write("models/a.sql", "select 1 as id")
                .write("models/d.md", "{% docs x %}a{% enddocs %}\n{% docs x %}b{% enddocs %}");
        assertThat(folder.errors())
                .isEqualTo(
                        "models/d.md:2:1: Docs block 'x' is here twice: first at models/d.md:1:1."
                                + " Rename or remove one of them. [DUPLICATE_NAME]");
    }
}
