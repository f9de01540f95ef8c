package dev.tarn.it;

import dev.tarn.jdbc.MysqlDatabase;
import java.util.List;

/** Types of MySQL and MariaDB, each as {@code type; value in SQL; our type; our text}. */
final class MysqlValues {
    static final List<String> COMMON =
            List.of(
                    "tinyint; -128; INTEGER; -128",
                    "tinyint(1); 2; INTEGER; 2",
                    "tinyint unsigned; 255; INTEGER; 255",
                    "smallint; -32768; INTEGER; -32768",
                    "smallint unsigned; 65535; INTEGER; 65535",
                    "mediumint; -8388608; INTEGER; -8388608",
                    "mediumint unsigned; 16777215; INTEGER; 16777215",
                    "int; -2147483648; INTEGER; -2147483648",
                    "int unsigned; 4294967295; BIGINT; 4294967295",
                    "int(6) unsigned zerofill; 42; BIGINT; 42",
                    "bigint; -9223372036854775808; BIGINT; -9223372036854775808",
                    "bigint unsigned; 18446744073709551615; DECIMAL(20,0); 18446744073709551615",
                    "bigint unsigned; 7; DECIMAL(20,0); 7",
                    "float; 3.1415927; FLOAT; 3.1415927",
                    "float; -1.5e-10; FLOAT; -1.5e-10",
                    "double; 0.1; DOUBLE; 0.1",
                    "double; -1.7976931348623157e308; DOUBLE; -1.7976931348623157e+308",
                    "decimal(10,2); -12345678.90; DECIMAL(10,2); -12345678.90",
                    "decimal(10,2); 0.01; DECIMAL(10,2); 0.01",
                    "decimal(38,10); 1234567890123456789012345678.0123456789; DECIMAL(38,10);"
                            + " 1234567890123456789012345678.0123456789",
                    "decimal(21,20); -0.00000000010000000001; DECIMAL(21,20);"
                            + " -0.00000000010000000001",
                    "decimal(65,2); 1.50; VARCHAR; 1.50",
                    "decimal(65,30); -12345678901234567890123456789012345.0123456789; VARCHAR;"
                            + " -12345678901234567890123456789012345.012345678900000000000000000000",
                    "bit(1); b'1'; BOOLEAN; true",
                    "bit(1); b'0'; BOOLEAN; false",
                    "bit(5); b'101'; VARCHAR; 00101",
                    "bit(64); b'1'; VARCHAR;"
                            + " 0000000000000000000000000000000000000000000000000000000000000001",
                    "boolean; true; INTEGER; 1",
                    "year; 2026; INTEGER; 2026",
                    "year; 1901; INTEGER; 1901",
                    "year; 0; INTEGER; 0",
                    "date; '2026-11-21'; DATE; 2026-11-21",
                    "date; '1000-01-01'; DATE; 1000-01-01",
                    "date; '9999-12-31'; DATE; 9999-12-31",
                    "datetime; '2026-11-21 10:11:12'; TIMESTAMP; 2026-11-21 10:11:12",
                    "datetime(6); '1969-12-31 23:59:59.123456'; TIMESTAMP;"
                            + " 1969-12-31 23:59:59.123456",
                    "datetime(3); '2026-11-21 10:11:12.5'; TIMESTAMP; 2026-11-21 10:11:12.5",
                    "datetime(1); '2026-11-21 10:11:12.5'; TIMESTAMP; 2026-11-21 10:11:12.5",
                    "timestamp; '2026-11-21 10:11:12'; TIMESTAMP WITH TIME ZONE;"
                            + " 2026-11-21 10:11:12+00",
                    "timestamp(6); '2026-11-21 10:11:12.000001'; TIMESTAMP WITH TIME ZONE;"
                            + " 2026-11-21 10:11:12.000001+00",
                    "timestamp(2); '1970-01-01 00:00:01.25'; TIMESTAMP WITH TIME ZONE;"
                            + " 1970-01-01 00:00:01.25+00",
                    "time; '23:59:59'; VARCHAR; 23:59:59",
                    "time; '-838:59:59'; VARCHAR; -838:59:59",
                    "time; '-00:00:01'; VARCHAR; -00:00:01",
                    "time(6); '100:00:00.000001'; VARCHAR; 100:00:00.000001",
                    "time(6); '-100:00:00.000001'; VARCHAR; -100:00:00.000001",
                    "time(3); '-00:00:00.5'; VARCHAR; -00:00:00.500",
                    "time(1); '-01:00:00.5'; VARCHAR; -01:00:00.5",
                    "time(2); '-01:00:00.05'; VARCHAR; -01:00:00.05",
                    "char(5); 'ab '; VARCHAR; ab",
                    "varchar(20); 'größe 🦆 '; VARCHAR; größe 🦆 ",
                    "varchar(300); ''; VARCHAR; ",
                    "varchar(20) character set latin1; 'größe €'; VARCHAR; größe €",
                    "char(4) character set utf16; 'öä'; VARCHAR; öä",
                    "varchar(9) character set koi8r; 'рыба'; VARCHAR; рыба",
                    "varchar(9) character set sjis; '日本'; VARCHAR; 日本",
                    "text; 'a\\\\b\\nc'; VARCHAR; a\\b\nc",
                    "longtext character set latin1; 'é'; VARCHAR; é",
                    "tinytext; 'x'; VARCHAR; x",
                    "mediumtext; 'x'; VARCHAR; x",
                    "binary(4); x'01ff'; BLOB; \\x01\\xFF\\x00\\x00",
                    "varbinary(4); x'00ff00'; BLOB; \\x00\\xFF\\x00",
                    "blob; x'00'; BLOB; \\x00",
                    "tinyblob; ''; BLOB; ",
                    "mediumblob; 'ab'; BLOB; ab",
                    "longblob; 'ab'; BLOB; ab",
                    "enum('glad','größe'); 'größe'; VARCHAR; größe",
                    "enum('glad','sad'); ''; VARCHAR; ",
                    "set('a','b','c'); 'c,a'; VARCHAR; a,c",
                    "set('a','b'); ''; VARCHAR; ",
                    "point; ST_GeomFromText('POINT(1 2.5)'); VARCHAR; POINT(1 2.5)",
                    "geometry; ST_GeomFromText('LINESTRING(0 0,1 1)'); VARCHAR; LINESTRING(0 0,1 1)",
                    "polygon; ST_GeomFromText('POLYGON((0 0,3 0,3 3,0 0))'); VARCHAR;"
                            + " POLYGON((0 0,3 0,3 3,0 0))",
                    "multipoint; ST_GeomFromText('MULTIPOINT(0 0,1 1)'); VARCHAR;"
                            + " MULTIPOINT((0 0),(1 1))");

    private static final List<String> OF_MYSQL =
            List.of(
                    "json; '{\"a\": [1, 2.5, \"x\\\\\"y,z:\"], \"b\": null}'; VARCHAR;"
                            + " {\"a\": [1, 2.5, \"x\\\"y,z:\"], \"b\": null}",
                    "json; '[]'; VARCHAR; []",
                    "json; '\"größe\"'; VARCHAR; \"größe\"",
                    "json; '12345678901234567890'; VARCHAR; 12345678901234567890",
                    "json; 'true'; VARCHAR; true",
                    "point srid 4326; ST_GeomFromText('POINT(10 20)', 4326); VARCHAR;"
                            + " POINT(20 10)");

    private static final List<String> OF_MARIADB =
            List.of(
                    "json; '{\"a\":  1}'; VARCHAR; {\"a\":  1}",
                    "uuid; '00112233-4455-1677-8899-aabbccddeeff'; UUID;"
                            + " 00112233-4455-1677-8899-aabbccddeeff",
                    "inet4; '10.0.0.1'; VARCHAR; 10.0.0.1",
                    "inet6; '::1'; VARCHAR; ::1");

    private MysqlValues() {}

    static List<String> of(MysqlDatabase.Kind kind) {
        return kind == MysqlDatabase.Kind.MYSQL ? OF_MYSQL : OF_MARIADB;
    }
}
