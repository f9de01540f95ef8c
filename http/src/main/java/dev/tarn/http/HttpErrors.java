package dev.tarn.http;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Place;
import dev.tarn.model.Problem;
import dev.tarn.model.TarnException;
import java.time.Duration;

/** What is said about servers and what they answer. No text has a secret in it. */
final class HttpErrors {
    private HttpErrors() {}

    static Problem setting(Place place, String name, String found, String wanted) {
        return Problem.at(
                ErrorCode.CONFIG_INVALID,
                place,
                "'%s' cannot be '%s': it is %s.".formatted(name, found, wanted));
    }

    static Problem missing(Place place, String name, String why) {
        return Problem.at(
                ErrorCode.CONFIG_INVALID, place, "'%s' is missing: %s.".formatted(name, why));
    }

    static Problem secretInUrl(Place place, String name) {
        return Problem.at(
                ErrorCode.CONFIG_INVALID,
                place,
                "'%s' must not hold a user or a password. Give them as 'auth'.".formatted(name));
    }

    static Problem plainHttp(Place place, String name) {
        return Problem.at(
                ErrorCode.CONFIG_INVALID,
                place,
                "'%s' is http:// to another machine, which would send the secrets of this source for everybody to read. Use https://."
                        .formatted(name));
    }

    static Problem together(Place place, String one, String other, String why) {
        return Problem.at(
                ErrorCode.CONFIG_INVALID,
                place,
                "'%s' does not go with '%s': %s.".formatted(one, other, why));
    }

    static TarnException noAuthority(String file) {
        return new TarnException(
                ErrorCode.CONFIG_INVALID,
                "There are no certificates in PEM in %s, which 'tls_ca' names.".formatted(file));
    }

    static TarnException interrupted() {
        return new TarnException(ErrorCode.INTERRUPTED, "Reading over HTTP was stopped.");
    }

    static TarnException unavailable(String what, String reason, int tries, Throwable cause) {
        return new TarnException(
                ErrorCode.SOURCE_UNAVAILABLE,
                "%s does not answer: %s%s. Nothing of this batch has landed; run again when it is there."
                        .formatted(what, reason, times(tries)),
                cause);
    }

    static TarnException troubled(String what, int status, int tries) {
        return new TarnException(
                ErrorCode.SOURCE_UNAVAILABLE,
                "%s answers %d%s. Nothing of this batch has landed; run again when it is well."
                        .formatted(what, status, times(tries)));
    }

    private static String times(int tries) {
        return tries == 1 ? "" : ", " + tries + " times";
    }

    static TarnException later(String what, int status, Duration pause, Duration most) {
        return new TarnException(
                ErrorCode.SOURCE_UNAVAILABLE,
                "%s answers %d and wants to be left alone for %d seconds, longer than 'longest_wait' (%d seconds). Nothing of this batch has landed; run again after that."
                        .formatted(what, status, pause.toSeconds(), most.toSeconds()));
    }

    static TarnException denied(String what, int status) {
        return new TarnException(
                ErrorCode.SOURCE_DENIED,
                status == 401
                        ? "%s does not accept the account of this source (401). Check 'auth' and what its secrets refer to."
                                .formatted(what)
                        : "%s does not let the account of this source do this (%d). Check its rights, and 'auth'."
                                .formatted(what, status));
    }

    static TarnException tls(String what, String reason) {
        return new TarnException(
                ErrorCode.SOURCE_DENIED,
                "The TLS handshake with %s failed: %s. Check that its certificate names the host, and 'tls_ca'."
                        .formatted(what, reason));
    }

    static TarnException refused(String what, int status, String said) {
        return new TarnException(
                ErrorCode.SOURCE_UNREADABLE,
                "%s answers %d%s. Check 'url', 'path' and 'params'."
                        .formatted(what, status, said.isEmpty() ? "" : ": " + said));
    }

    static TarnException redirected(String what, String reason) {
        return new TarnException(
                ErrorCode.SOURCE_UNREADABLE,
                "%s sends to another place, %s. Check 'url'.".formatted(what, reason));
    }

    static TarnException tooLong(String what, long most) {
        return new TarnException(
                ErrorCode.SOURCE_UNREADABLE,
                "%s answers with more than %,d bytes. Ask for smaller pages, or raise 'max_response'."
                        .formatted(what, most));
    }

    static TarnException notReadable(String what, String format, String reason, String begin) {
        return new TarnException(
                ErrorCode.SOURCE_UNREADABLE,
                "What %s answers is no %s: %s. It begins with: %s"
                        .formatted(what, format, reason, begin));
    }

    static TarnException noRecords(String what, JsonPath path, String begin) {
        return new TarnException(
                ErrorCode.SOURCE_UNREADABLE,
                "What %s answers has nothing at '%s', which 'records' names. It begins with: %s"
                        .formatted(what, path, begin));
    }

    static TarnException noToken(String what, String reason) {
        return new TarnException(
                ErrorCode.SOURCE_DENIED,
                "%s gave no token: %s. Check 'auth.client_id' and what 'auth.client_secret' refers to."
                        .formatted(what, reason));
    }

    static TarnException stuck(String what) {
        return new TarnException(
                ErrorCode.SOURCE_UNREADABLE,
                "The page behind %s is the same page again, so there would be no end. Check 'paginate'."
                        .formatted(what));
    }

    static TarnException circle(String what) {
        return new TarnException(
                ErrorCode.SOURCE_UNREADABLE,
                "The pages behind %s lead back to one that was there before, so there would be no end. Check 'paginate'."
                        .formatted(what));
    }

    static TarnException tooManyPages(String what, long most) {
        return new TarnException(
                ErrorCode.SOURCE_UNREADABLE,
                "%s has more than %,d pages. If that is right, raise 'paginate.max_pages'."
                        .formatted(what, most));
    }

    static TarnException elsewhere(String what, String host) {
        return new TarnException(
                ErrorCode.SOURCE_UNREADABLE,
                "%s names a next page at another server, %s. Pages are followed on one server only."
                        .formatted(what, host));
    }

    static TarnException crowded(String what, String cursor, int most) {
        return new TarnException(
                ErrorCode.SOURCE_UNREADABLE,
                "%s has more than %,d records with the value '%s' of the cursor, too many to remember. Name the 'key' of a record, so that it may come twice."
                        .formatted(what, most, cursor));
    }

    static TarnException noPosition(String value) {
        return new TarnException(
                ErrorCode.CATALOG_CORRUPT,
                "This is no position of an API: %s. `tarn ingest --full --select source:NAME` reads it anew."
                        .formatted(value));
    }

    static TarnException forbidden(String what, String rules) {
        return new TarnException(
                ErrorCode.SOURCE_DENIED,
                "%s does not want programs to read this page (%s). Tarn heeds that."
                        .formatted(what, rules));
    }
}
