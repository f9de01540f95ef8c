package dev.tarn.mqtt;

import com.hivemq.embedded.EmbeddedExtension;
import com.hivemq.embedded.EmbeddedHiveMQ;
import com.hivemq.extension.sdk.api.ExtensionMain;
import com.hivemq.extension.sdk.api.auth.SimpleAuthenticator;
import com.hivemq.extension.sdk.api.auth.parameter.SimpleAuthInput;
import com.hivemq.extension.sdk.api.auth.parameter.SimpleAuthOutput;
import com.hivemq.extension.sdk.api.packets.connect.ConnackReasonCode;
import com.hivemq.extension.sdk.api.packets.connect.ConnectPacket;
import com.hivemq.extension.sdk.api.parameter.ExtensionStartInput;
import com.hivemq.extension.sdk.api.parameter.ExtensionStartOutput;
import com.hivemq.extension.sdk.api.parameter.ExtensionStopInput;
import com.hivemq.extension.sdk.api.parameter.ExtensionStopOutput;
import com.hivemq.extension.sdk.api.services.Services;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The broker's own process: its folder, and the password of those who say who they are. */
final class BrokerMain {
    private BrokerMain() {}

    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]);
        EmbeddedExtension who =
                EmbeddedExtension.builder()
                        .withId("who")
                        .withName("Who may")
                        .withVersion("1")
                        .withAuthor("Tarn")
                        .withExtensionMain(new Who(args[1]))
                        .build();
        EmbeddedHiveMQ broker =
                EmbeddedHiveMQ.builder()
                        .withConfigurationFolder(folder.resolve("conf"))
                        .withDataFolder(Files.createDirectories(folder.resolve("data")))
                        .withExtensionsFolder(Files.createDirectories(folder.resolve("more")))
                        .withEmbeddedExtension(who)
                        .withoutLoggingBootstrap()
                        .build();
        broker.start().join();
        System.out.println("READY");
        System.in.transferTo(OutputStream.nullOutputStream());
        broker.stop().join();
        System.exit(0);
    }

    /** Lets those in that have no name, and those with a name that know the password. */
    private static final class Who implements ExtensionMain, SimpleAuthenticator {
        private final String password;

        Who(String password) {
            this.password = password;
        }

        @Override
        public void extensionStart(ExtensionStartInput input, ExtensionStartOutput output) {
            Services.securityRegistry().setAuthenticatorProvider(provider -> this);
        }

        @Override
        public void extensionStop(ExtensionStopInput input, ExtensionStopOutput output) {}

        @Override
        public void onConnect(SimpleAuthInput input, SimpleAuthOutput output) {
            ConnectPacket packet = input.getConnectPacket();
            @Nullable ByteBuffer given = packet.getPassword().orElse(null);
            boolean known =
                    packet.getUserName().isEmpty()
                            || (given != null
                                    && StandardCharsets.UTF_8
                                            .decode(given)
                                            .toString()
                                            .equals(password));
            if (known) {
                output.authenticateSuccessfully();
            } else {
                output.failAuthentication(ConnackReasonCode.BAD_USER_NAME_OR_PASSWORD);
            }
        }
    }
}
