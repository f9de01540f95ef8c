package dev.tarn.cli.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.core.spi.ContextAwareBase;

/** Sets the logging library up without a configuration file, which costs a start too much. */
public final class LogConfigurator extends ContextAwareBase implements Configurator {
    @Override
    public ExecutionStatus configure(LoggerContext context) {
        LogFile file = new LogFile();
        file.setContext(context);
        file.setName("file");
        file.start();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(LogSettings.isVerbose() ? Level.INFO : Level.WARN);
        root.addAppender(file);
        if (LogSettings.isJson()) {
            EcsLines lines = new EcsLines(System.err);
            lines.setContext(context);
            lines.setName("json");
            lines.start();
            root.addAppender(lines);
        }
        context.getLogger("dev.tarn").setLevel(LogSettings.isVerbose() ? Level.DEBUG : Level.INFO);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }
}
