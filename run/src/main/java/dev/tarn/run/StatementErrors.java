package dev.tarn.run;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Problem;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.SqlText;

/** What is said about statements of hooks and operations. */
final class StatementErrors {
    private StatementErrors() {}

    static TarnException unknown(SqlText sql, String what) {
        return told(
                ErrorCode.UNSUPPORTED,
                sql,
                ("'%s' cannot be executed in a run. What can: select, insert into, delete from …"
                                + " where, update … set, truncate, create table, create view, drop,"
                                + " alter table.")
                        .formatted(what));
    }

    static TarnException noName(SqlText sql, int offset) {
        String message = "This statement needs the name of a table here, as schema.table.";
        return new TarnException(
                sql.locate(offset)
                        .map(p -> Problem.at(ErrorCode.SQL_SYNTAX, p, message))
                        .orElseGet(() -> Problem.of(ErrorCode.SQL_SYNTAX, message)));
    }

    static TarnException columnCount(SqlText sql, TableName table, int wanted, int found) {
        return told(
                ErrorCode.SQL_INVALID,
                sql,
                "%d columns of %s are to be filled, but the query has %d."
                        .formatted(wanted, table, found));
    }

    static TarnException missing(SqlText sql, TableName table) {
        return told(
                ErrorCode.TABLE_NOT_FOUND,
                sql,
                "There is no %s on the run's ref. Build it first.".formatted(table));
    }

    static TarnException notATable(SqlText sql, TableName table) {
        return told(
                ErrorCode.SQL_INVALID,
                sql,
                "%s is a view: its rows cannot be changed. Make it a table, or change its query."
                        .formatted(table));
    }

    static TarnException exists(SqlText sql, TableName table) {
        return told(
                ErrorCode.TABLE_EXISTS,
                sql,
                "%s is there already. Write 'create or replace' or 'if not exists'."
                        .formatted(table));
    }

    private static TarnException told(ErrorCode code, SqlText sql, String message) {
        return new TarnException(
                sql.locate(0)
                        .map(p -> Problem.at(code, p, message))
                        .orElseGet(() -> Problem.of(code, message)));
    }
}
