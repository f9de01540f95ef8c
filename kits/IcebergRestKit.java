import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.rest.RESTCompatibilityKitCatalogTests;
import org.apache.iceberg.rest.RESTCompatibilityKitViewCatalogTests;
import org.junit.jupiter.api.AfterEach;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Runs the kit of the Iceberg project against a server that is there already, and tells of each test
 * that did not pass; the last line counts. A test whose own assumptions do not hold counts as
 * skipped. The server is named by {@code -Duri}, the ref by {@code -Dwarehouse}.
 */
public final class IcebergRestKit implements TestExecutionListener {
    /** The kit, with the tests switched on that it leaves out unless a catalog asks for them. */
    public static final class Catalogs extends RESTCompatibilityKitCatalogTests {
        @Override
        protected boolean requiresNamespaceCreate() {
            return true;
        }

        /** The kit itself only clears away namespaces of two names. */
        @AfterEach
        void clear() {
            catalog().listNamespaces().forEach(this::drop);
        }

        private void drop(Namespace namespace) {
            catalog().listNamespaces(namespace).forEach(this::drop);
            catalog().listTables(namespace).forEach(catalog()::dropTable);
            catalog().listViews(namespace).forEach(catalog()::dropView);
            catalog().dropNamespace(namespace);
        }

        @Override
        protected boolean supportsNestedNamespaces() {
            return true;
        }

        @Override
        protected boolean supportsNamesWithDot() {
            return true;
        }

        @Override
        protected boolean supportsNamesWithSlashes() {
            return true;
        }
    }

    /** The same for views. */
    public static final class Views extends RESTCompatibilityKitViewCatalogTests {
        @Override
        protected boolean requiresNamespaceCreate() {
            return true;
        }
    }

    private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    private final List<String> told = new ArrayList<>();
    private int passed;
    private int failed;
    private int skipped;

    public static void main(String[] arguments) {
        IcebergRestKit runner = new IcebergRestKit();
        LauncherDiscoveryRequest request =
                LauncherDiscoveryRequestBuilder.request()
                        .selectors(
                                DiscoverySelectors.selectClass(Catalogs.class),
                                DiscoverySelectors.selectClass(Views.class))
                        .configurationParameter("rck.local", "false")
                        .build();
        LauncherFactory.create().execute(request, runner);
        runner.told.stream().sorted().forEach(runner.out::println);
        runner.out.printf(
                "pass=%d fail=%d skip=%d%n", runner.passed, runner.failed, runner.skipped);
        System.exit(runner.failed == 0 ? 0 : 1);
    }

    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
        if (test.isTest()) {
            skipped++;
            told.add("skipped " + name(test) + ": " + oneLine(reason));
        }
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        String why = result.getThrowable().map(Throwable::toString).orElse("");
        if (result.getStatus() == TestExecutionResult.Status.SUCCESSFUL) {
            passed += test.isTest() ? 1 : 0;
        } else if (test.isTest() && result.getStatus() == TestExecutionResult.Status.ABORTED) {
            skipped++;
            told.add("skipped " + name(test) + ": " + oneLine(why));
        } else {
            failed++;
            told.add("failed " + name(test) + ": " + oneLine(why));
        }
    }

    private static String name(TestIdentifier test) {
        return test.getLegacyReportingName();
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\s+", " ").strip();
    }
}
