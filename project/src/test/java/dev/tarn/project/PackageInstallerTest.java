package dev.tarn.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import dev.tarn.model.Problem;
import dev.tarn.model.TarnException;
import dev.tarn.project.PackageInstaller.Installed;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("StringConcatToTextBlock") // short files read better in one piece
class PackageInstallerTest {
    @TempDir Path root;
    private ProjectFolder folder;
    private final Map<String, String> environment = new TreeMap<>();

    @BeforeEach
    void folder() {
        folder = new ProjectFolder(root.resolve("shop"));
        // Nobody listens there: what is not given locally is refused.
        environment.put("DBT_PACKAGE_HUB_URL", "http://127.0.0.1:9/");
    }

    private List<Installed> install() {
        return PackageInstaller.install(folder.request().withEnvironment(environment::get), false);
    }

    private String refusal() {
        TarnException e = catchThrowableOfType(TarnException.class, this::install);
        return e.problems().stream().map(Problem::toString).collect(Collectors.joining("\n"));
    }

    private static String shown(List<Installed> installed) {
        return installed.stream()
                .map(i -> i.name() + " " + i.version())
                .map(String::strip)
                .collect(Collectors.joining(", "));
    }

    private String read(String file) throws IOException {
        return Files.readString(folder.root.resolve(file));
    }

    @Test
    void foldersAreInstalledWithWhatTheyAskFor() throws IOException {
        folder.write("packages.yml", "packages:\n  - local: ../tools\n")
                .write("../tools/dbt_project.yml", "name: tools\n")
                .write("../tools/packages.yml", "packages:\n  - local: ../base\n")
                .write(
                        "../tools/macros/m.sql",
                        "{% macro two() %}{{ base.one() }} + 1{% endmacro %}")
                .write("../base/dbt_project.yml", "name: base\n")
                .write("../base/macros/m.sql", "{% macro one() %}1{% endmacro %}")
                .write("models/a.sql", "select {{ tools.two() }} as n");
        assertThat(shown(install())).isEqualTo("tools, base");
        assertThat(folder.sql("a")).isEqualTo("select 1 + 1 as n");
        assertThat(read("package-lock.yml"))
                .isEqualTo(
                        "packages:\n  - name: tools\n    local: '../tools'\n"
                                + "sha1_hash: 6d3decc83b0a541afdaedc8943bf1ac4248a5a14\n");
        assertThat(shown(install())).isEqualTo("tools, base");
    }

    @Test
    void nothingAskedForIsNothingInstalled() {
        assertThat(install()).isEmpty();
    }

    /** Those who build pass variables; those who only install packages need not know them. */
    @Test
    void settingsMayWaitForTheirVariables() {
        folder.write(
                        "dbt_project.yml",
                        "name: shop\nmodels: {shop: {+materialized: \"{{ var('kind') }}\", +tags: \"{{ 'x' if var.has_var('kind') else 'y' }}\"}}\n")
                .write("models/a.sql", "select 1 as n")
                .write("packages.yml", "packages:\n  - local: ../tools\n")
                .write("../tools/dbt_project.yml", "name: tools\n");
        assertThat(shown(install())).isEqualTo("tools");
        TarnException e = catchThrowableOfType(TarnException.class, folder::compile);
        assertThat(e)
                .hasMessageContaining(
                        "dbt_project.yml:2:32: Variable 'kind' is not known here and has no default."
                                + " Templates in project files see what --vars says and no other"
                                + " variable: give it there, or a default, as in var('kind', 'value')."
                                + " [TEMPLATE_FAILED]");
        folder.write("packages.yml", "packages:\n  - local: \"{{ var('where') }}\"\n");
        assertThat(refusal()).contains("Variable 'where' is not known here and has no default.");
    }

    @Test
    void gitRepositoriesAreInstalledAtARevision() throws Exception {
        Path repository = root.resolve("repository");
        folder.write("../repository/sub/dbt_project.yml", "name: tools\n")
                .write("../repository/sub/macros/m.sql", "{% macro one() %}1{% endmacro %}");
        git(repository, "init", "--quiet");
        git(repository, "add", "-A");
        git(
                repository,
                "-c",
                "user.name=a",
                "-c",
                "user.email=a@b.c",
                "commit",
                "--quiet",
                "-m",
                "one");
        git(repository, "tag", "v1");
        folder.write("../repository/sub/macros/m.sql", "{% macro one() %}2{% endmacro %}");
        git(
                repository,
                "-c",
                "user.name=a",
                "-c",
                "user.email=a@b.c",
                "commit",
                "--quiet",
                "-am",
                "two");
        folder.write("models/a.sql", "select {{ tools.one() }} as n")
                .write(
                        "packages.yml",
                        "packages:\n  - git: \"{{ env_var('WHERE') }}\"\n    revision: v1\n"
                                + "    subdirectory: sub\n");
        environment.put("WHERE", repository.toUri().toString());
        List<Installed> installed = install();
        assertThat(installed).hasSize(1);
        assertThat(installed.getFirst().version()).matches("[0-9a-f]{40}");
        assertThat(folder.sql("a")).isEqualTo("select 1 as n");
        folder.write(
                "packages.yml",
                "packages:\n  - git: '" + repository.toUri() + "'\n    revision: v9\n");
        assertThat(refusal())
                .startsWith("packages.yml:2:5: Package " + repository.toUri())
                .contains(" cannot be fetched: git says '")
                .endsWith(" [PACKAGE_UNAVAILABLE]");
        assertThat(folder.sql("a")).isEqualTo("select 1 as n");
    }

    private static void git(Path folder, String... arguments) throws Exception {
        List<String> command = new java.util.ArrayList<>(List.of("git"));
        command.addAll(Arrays.asList(arguments));
        Process process =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }

    @Test
    void withoutNetworkAPackageOfTheHubIsRefusedWithAWayOut() {
        folder.write("packages.yml", "packages:\n  - package: acme/tools\n    version: 1.0.0\n");
        assertThat(refusal())
                .startsWith(
                        "packages.yml:2:5: Package 'acme/tools' cannot be fetched: http://127.0.0.1:9/"
                                + " cannot be reached (")
                .endsWith(
                        "). Check the network, or name a folder that holds the package in"
                                + " TARN_PACKAGE_FOLDERS. [PACKAGE_UNAVAILABLE]");
    }

    @Test
    void aFolderStandsInForAPackageOfTheHub() {
        folder.write("packages.yml", "packages:\n  - package: acme/tools\n    version: 1.0.0\n")
                .write("../mirror/tools/dbt_project.yml", "name: tools\n");
        environment.put("TARN_PACKAGE_FOLDERS", root.resolve("mirror").toString());
        assertThat(shown(install())).isEqualTo("tools");
    }

    @Test
    void theHubGivesTheNewestVersionThatFitsEverybody() throws IOException {
        try (Hub hub = new Hub()) {
            hub.add("acme/tools", "1.0.0", "name: tools\n", "");
            hub.add("acme/tools", "1.4.0", "name: tools\n", "");
            hub.add("acme/tools", "2.0.0", "name: tools\n", "");
            hub.add("acme/tools", "1.5.0-b1", "name: tools\n", "");
            hub.add(
                    "acme/more",
                    "0.2.0",
                    "name: more\n",
                    "packages:\n  - package: acme/tools\n    version: ['>=1.0.0', '<2.0.0']\n");
            environment.put("DBT_PACKAGE_HUB_URL", hub.address());
            folder.write(
                    "packages.yml",
                    "packages:\n  - package: acme/tools\n    version: '>=1.0.0'\n"
                            + "  - package: acme/more\n    version: 0.2.0\n");
            assertThat(shown(install())).isEqualTo("tools 1.4.0, more 0.2.0");
            assertThat(read("dbt_packages/tools/macros/m.sql"))
                    .isEqualTo("{% macro version() %}1.4.0{% endmacro %}");
            hub.add("acme/tools", "1.9.0", "name: tools\n", "");
            assertThat(shown(install())).isEqualTo("tools 1.4.0, more 0.2.0");
            assertThat(
                            shown(
                                    PackageInstaller.install(
                                            folder.request().withEnvironment(environment::get),
                                            true)))
                    .isEqualTo("tools 1.9.0, more 0.2.0");
            folder.write(
                    "packages.yml",
                    "packages:\n  - package: acme/tools\n    version: 2.0.0\n"
                            + "  - package: acme/more\n    version: 0.2.0\n");
            assertThat(refusal())
                    .endsWith(
                            "packages.yml:2:5: No version of package 'acme/tools' fits all that is asked"
                                    + " of it: =2.0.0, >=1.0.0, <2.0.0. [PACKAGE_INVALID]");
            folder.write(
                    "packages.yml", "packages:\n  - package: acme/tools\n    version: 3.0.0\n");
            assertThat(refusal())
                    .isEqualTo(
                            "packages.yml:2:5: Package 'acme/tools' has no version that is =3.0.0. It"
                                    + " has 1.0.0, 1.4.0, 1.5.0-b1, 1.9.0, 2.0.0. [PACKAGE_INVALID]");
            folder.write("packages.yml", "packages:\n  - package: acme/none\n    version: 3.0.0\n");
            assertThat(refusal())
                    .isEqualTo(
                            "packages.yml:2:5: The package hub does not know 'acme/none'."
                                    + " [PACKAGE_INVALID]");
        }
    }

    @Test
    void aTokenInAnAddressIsNeitherToldNorWrittenDown() throws Exception {
        Path repository = root.resolve("s3cret");
        folder.write("../s3cret/dbt_project.yml", "name: tools\n");
        folder.write("packages.yml", "packages:\n  - git: \"file://{{ env_var('WHERE') }}\"\n");
        environment.put("WHERE", repository.toString());
        assertThat(refusal())
                .startsWith(
                        "packages.yml:2:5: Package file://{{ env_var('WHERE') }} cannot be fetched:")
                .doesNotContain("s3cret");
        git(repository, "init", "--quiet");
        git(repository, "add", "-A");
        git(
                repository,
                "-c",
                "user.name=a",
                "-c",
                "user.email=a@b.c",
                "commit",
                "--quiet",
                "-m",
                "one");
        assertThat(shown(install())).startsWith("tools");
        assertThat(read("package-lock.yml"))
                .contains("git: 'file://{{ env_var(''WHERE'') }}'")
                .doesNotContain("s3cret");
        assertThat(shown(install())).as("with the lock file").startsWith("tools");
    }

    @Test
    void mistakesInThePackageFileAreToldTogether() {
        folder.write(
                "packages.yml",
                """
                packages:
                  - package: tools
                    version: 1.0.0
                  - package: acme/tools
                  - package: acme/tools
                    version: newest
                  - git: x
                    revisoin: main
                  - private: acme/secret
                  - {}
                """);
        assertThat(refusal())
                .isEqualTo(
                        """
                        packages.yml:2:5: 'tools' is not the name of a package: write owner/name, such as \
                        dbt-labs/dbt_utils. [PACKAGE_INVALID]
                        packages.yml:4:5: Package 'acme/tools' has no 'version'. Write one, or a list of \
                        bounds. [PACKAGE_INVALID]
                        packages.yml:5:5: Package 'acme/tools' wants version 'newest', which is not a \
                        version. Write it as 1.2.3, or as a list such as ['>=1.0.0', '<2.0.0']. \
                        [PACKAGE_INVALID]
                        packages.yml:8:5: A package has no key 'revisoin'. Did you mean 'revision'? \
                        [UNKNOWN_KEY]
                        packages.yml:9:5: 'private' packages need dbt Cloud. Write the repository's address \
                        as 'git', with the token from the environment: git: \
                        "https://{{ env_var('GIT_TOKEN') }}@github.com/owner/name.git". [PACKAGE_INVALID]
                        packages.yml:10:5: A package says where it comes from: 'package', 'git', 'local' or \
                        'tarball'. [PACKAGE_INVALID]\
                        """);
    }

    @Test
    void twoPackagesOfOneNameAreRefused() {
        folder.write("packages.yml", "packages:\n  - local: ../one\n  - local: ../two\n")
                .write("../one/dbt_project.yml", "name: tools\n")
                .write("../two/dbt_project.yml", "name: tools\n");
        assertThat(refusal())
                .isEqualTo(
                        "packages.yml:3:5: Two packages are called 'tools': ../one and ../two. Remove one"
                                + " of them. [PACKAGE_INVALID]");
    }

    @Test
    void aFolderWithoutAProjectIsNoPackage() {
        folder.write("packages.yml", "packages:\n  - local: nowhere\n");
        assertThat(refusal())
                .isEqualTo(
                        "packages.yml:2:5: There is no package in nowhere: %s has no dbt_project.yml. [PACKAGE_INVALID]"
                                .formatted(folder.root.toAbsolutePath().resolve("nowhere")));
    }

    /** A hub of packages on this machine. */
    private static final class Hub implements AutoCloseable {
        private final HttpServer server;
        private final Map<String, byte[]> files = new TreeMap<>();
        private final Map<String, Map<String, String>> versions = new TreeMap<>();

        Hub() throws IOException {
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext(
                    "/",
                    exchange -> {
                        byte[] body = files.get(exchange.getRequestURI().getPath());
                        exchange.sendResponseHeaders(
                                body == null ? 404 : 200, body == null ? -1 : body.length);
                        if (body != null) {
                            exchange.getResponseBody().write(body);
                        }
                        exchange.close();
                    });
            server.start();
        }

        String address() {
            return "http://127.0.0.1:" + server.getAddress().getPort();
        }

        void add(String name, String version, String project, String packages) throws IOException {
            String archive = "/" + name + "/" + version + ".tar.gz";
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
                entry(out, "dbt_project.yml", project);
                entry(out, "macros/m.sql", "{% macro version() %}" + version + "{% endmacro %}");
                if (!packages.isEmpty()) {
                    entry(out, "packages.yml", packages);
                }
                out.write(new byte[1024]);
            }
            files.put(archive, bytes.toByteArray());
            versions.computeIfAbsent(name, n -> new TreeMap<>()).put(version, address() + archive);
            String listing =
                    versions.get(name).entrySet().stream()
                            .map(e ->
                                    "\"%s\": {\"downloads\": {\"tarball\": \"%s\"}}"
                                            .formatted(e.getKey(), e.getValue()))
                            .collect(Collectors.joining(", ", "{\"versions\": {", "}}"));
            files.put("/api/v1/" + name + ".json", listing.getBytes(StandardCharsets.UTF_8));
        }

        private static void entry(GZIPOutputStream out, String name, String text)
                throws IOException {
            byte[] content = text.getBytes(StandardCharsets.UTF_8);
            byte[] header = new byte[512];
            put(header, 0, "package-1/" + name);
            put(header, 100, "0000644");
            put(header, 124, "%011o".formatted(content.length));
            header[156] = '0';
            put(header, 257, "ustar");
            out.write(header);
            out.write(content);
            out.write(new byte[(512 - content.length % 512) % 512]);
        }

        private static void put(byte[] header, int at, String text) {
            byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
            System.arraycopy(bytes, 0, header, at, bytes.length);
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }
}
