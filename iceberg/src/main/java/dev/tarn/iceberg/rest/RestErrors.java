package dev.tarn.iceberg.rest;

import dev.tarn.model.TableName;
import dev.tarn.model.catalog.CommitResult.Conflict;
import java.util.List;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.BadRequestException;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.NamespaceNotEmptyException;
import org.apache.iceberg.exceptions.NoSuchNamespaceException;
import org.apache.iceberg.exceptions.NoSuchPlanIdException;
import org.apache.iceberg.exceptions.NoSuchPlanTaskException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.exceptions.NoSuchViewException;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.exceptions.UnprocessableEntityException;

/**
 * What clients are told when something cannot be. The kinds are Iceberg's own, since clients act on
 * them; {@link Failures} turns them into answers.
 */
final class RestErrors {
    private RestErrors() {}

    static BadRequestException malformed(String reason) {
        return new BadRequestException("The request cannot be read: %s.", reason);
    }

    static NotFoundException noRoute(String method, String path, String hint) {
        return new NotFoundException("There is nothing at %s %s.%s", method, path, hint);
    }

    static NoSuchNamespaceException noNamespace(Namespace namespace, String hint) {
        return new NoSuchNamespaceException(
                "Namespace does not exist: %s%s", namespace.toString(), behind(hint));
    }

    static AlreadyExistsException namespaceExists(Namespace namespace) {
        return new AlreadyExistsException("Namespace already exists: %s", namespace.toString());
    }

    static NamespaceNotEmptyException namespaceNotEmpty(Namespace namespace, String what) {
        return new NamespaceNotEmptyException(
                "Namespace %s is not empty. It has %s.", namespace.toString(), what);
    }

    static NoSuchTableException noTable(TableName name, String hint) {
        return new NoSuchTableException("Table does not exist: %s%s", shown(name), behind(hint));
    }

    static NoSuchViewException noView(TableName name, String hint) {
        return new NoSuchViewException("View does not exist: %s%s", shown(name), behind(hint));
    }

    private static String behind(String hint) {
        return hint.isEmpty() ? "" : "." + hint;
    }

    static AlreadyExistsException exists(String what, TableName name) {
        return new AlreadyExistsException("%s already exists: %s", what, shown(name));
    }

    /** A table and a view cannot share a name. */
    static AlreadyExistsException existsAs(String other, TableName name) {
        return new AlreadyExistsException(
                "%s with same name already exists: %s", other, shown(name));
    }

    static AlreadyExistsException createdMeanwhile(TableName name) {
        return new AlreadyExistsException(
                "Requirement failed: table already exists: %s", shown(name));
    }

    static AlreadyExistsException renameTaken(
            TableIdentifier from, TableIdentifier to, String what) {
        return new AlreadyExistsException(
                "Cannot rename %s to %s. %s already exists", from.toString(), to.toString(), what);
    }

    static NotFoundException metadataGone(String location) {
        return new NotFoundException(
                "Failed to open input stream for file: %s. `tarn restore` brings back a state whose file is there.",
                location);
    }

    static CommitFailedException moved(List<Conflict> conflicts) {
        Conflict first = conflicts.getFirst();
        return new CommitFailedException(
                "Nothing was committed: %s was changed by publication %s meanwhile.",
                first.key().toString(), first.publishedBy().toString());
    }

    static CommitFailedException stale(RuntimeException cause) {
        return new CommitFailedException(cause, "%s", String.valueOf(cause.getMessage()));
    }

    static BadRequestException attached(TableName name) {
        return new BadRequestException(
                "%s is attached in a format of its own: read it through Tarn, or where it is. `tarn adopt` makes it a table of this warehouse.",
                shown(name));
    }

    static BadRequestException otherFormat(TableName name, String formats) {
        return new BadRequestException(
                "%s is offered as %s only: its property tarn.formats leaves iceberg out. Read it in that format, or add iceberg to its formats.",
                shown(name), formats);
    }

    static BadRequestException outside(String location, String root) {
        return new BadRequestException(
                "The location %s is not in this warehouse, which is %s. Leave the location out to get one, or start the server with --any-location.",
                location, root);
    }

    static BadRequestException pageSize(String text) {
        return new BadRequestException(
                "A page has a whole number of entries from 1 on, not '%s'.", text);
    }

    static BadRequestException pageToken() {
        return new BadRequestException("The page token is not one that was given out here.");
    }

    static BadRequestException idempotencyKey(String key) {
        return new BadRequestException("The idempotency key '%s' is not a UUID.", key);
    }

    static UnprocessableEntityException otherRequest(String key) {
        return new UnprocessableEntityException(
                "The idempotency key '%s' was used for another request before.", key);
    }

    static UnprocessableEntityException bothUpdatedAndRemoved(String keys) {
        return new UnprocessableEntityException(
                "Invalid namespace property update: a property is set and removed at once: %s",
                keys);
    }

    static NoSuchPlanIdException noPlan(String id) {
        return new NoSuchPlanIdException(
                "There is no scan plan %s: it was fetched, cancelled or has expired.", id);
    }

    static NoSuchPlanTaskException noPlanTask(String task) {
        return new NoSuchPlanTaskException(
                "There is no plan task %s: its plan was cancelled or has expired.", task);
    }

    static BadRequestException noCredentials(String location) {
        return new BadRequestException(
                "This catalog gives out no credentials for %s. Give the client access of its own, or set `s3.vend_keys: true` in tarn.yml where the warehouse is on S3.",
                location);
    }

    static String shown(TableName name) {
        return Names.identifier(name).toString();
    }
}
