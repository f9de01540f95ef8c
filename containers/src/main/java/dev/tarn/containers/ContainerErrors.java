package dev.tarn.containers;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import java.util.List;

/** What is said about containers. */
final class ContainerErrors {
    private ContainerErrors() {}

    static TarnException noProgram(List<String> programs) {
        return new TarnException(
                ErrorCode.CONFIG_INVALID,
                programs.size() == 1
                        ? "There is no program %s on this machine's path. Install it, or name another under 'runner'."
                                .formatted(programs.getFirst())
                        : "There is none of %s on this machine's path. Install one of them, or name a cluster: kubernetes.url in tarn.yml."
                                .formatted(String.join(", ", programs)));
    }

    static TarnException noCluster() {
        return new TarnException(
                ErrorCode.CONFIG_INVALID,
                "It is not said where the Kubernetes cluster is. Set kubernetes.url in tarn.yml.");
    }

    static TarnException cannotBegin(String program, String image, String why) {
        return new TarnException(
                ErrorCode.STORAGE_FAILED,
                "%s cannot run the image %s: %s".formatted(program, image, sentence(why)));
    }

    static TarnException noCommand(String image, String why) {
        return new TarnException(
                ErrorCode.NODE_FAILED,
                "The image %s cannot run the command: %s".formatted(image, sentence(why)));
    }

    static TarnException failed(int code, String lastLine) {
        return new TarnException(
                ErrorCode.NODE_FAILED,
                "The container ended with code %d%s. `tarn job log` shows what it printed."
                        .formatted(code, lastLine.isBlank() ? "" : ": " + lastLine));
    }

    static TarnException evicted(String why) {
        return new TarnException(
                ErrorCode.STORAGE_FAILED,
                "The cluster ended the container: %s".formatted(sentence(why)));
    }

    static TarnException stopped() {
        return new TarnException(ErrorCode.INTERRUPTED, "The container was stopped.");
    }

    static TarnException ownFiles(String why) {
        return new TarnException(
                ErrorCode.STORAGE_FAILED,
                "No file can be made for the container's output: %s".formatted(sentence(why)));
    }

    static TarnException folders() {
        return new TarnException(
                ErrorCode.UNSUPPORTED,
                "A cluster does not see folders of this machine. Take out 'folders', or name another 'runner'.");
    }

    static TarnException unreachable(String url, String why) {
        return new TarnException(
                ErrorCode.STORAGE_FAILED,
                "The cluster at %s cannot be reached: %s".formatted(url, sentence(why)));
    }

    static TarnException refused(int status, String why) {
        return new TarnException(
                status == 429 || status >= 500
                        ? ErrorCode.STORAGE_FAILED
                        : status == 401 || status == 403
                                ? ErrorCode.STORAGE_DENIED
                                : ErrorCode.NODE_FAILED,
                "The cluster refused it with status %d: %s".formatted(status, sentence(why)));
    }

    static TarnException badCertificates(String file) {
        return new TarnException(
                ErrorCode.CONFIG_INVALID,
                "%s has no certificates that can be read. kubernetes.ca wants a file in PEM."
                        .formatted(file));
    }

    static TarnException badUrl(String url) {
        return new TarnException(
                ErrorCode.CONFIG_INVALID,
                "kubernetes.url must be an address such as https://10.0.0.1:6443, not '%s'."
                        .formatted(url));
    }

    private static String sentence(String text) {
        String bare = text.isBlank() ? "it does not say why" : text.strip();
        return bare.endsWith(".") || bare.endsWith("?") ? bare : bare + ".";
    }
}
