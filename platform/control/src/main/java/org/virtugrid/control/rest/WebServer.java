package org.virtugrid.control.rest;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardHost;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.virtugrid.control.rest.problem.ProblemValve;
import org.virtugrid.control.security.SecuritySettings;

/** The HTTP server: on loopback, with bounds on everything that a client decides. */
final class WebServer implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {
    private static final int THREADS = 100;
    private static final int CONNECTIONS = 512;
    private static final int HEADER_BYTES = 16 << 10;
    private static final int FORM_BYTES = 1 << 20;

    /** After an error, so much of a body is still taken, so that the client gets to read the answer. */
    private static final int SWALLOWED_BYTES = 1 << 30;

    private static final Duration HEADERS_WITHIN = Duration.ofSeconds(20);
    private static final Duration SILENT_UPLOAD = Duration.ofMinutes(10);

    private final SecuritySettings settings;

    WebServer(SecuritySettings settings) {
        this.settings = settings;
    }

    @Override
    public void customize(TomcatServletWebServerFactory factory) {
        try {
            factory.setAddress(InetAddress.getByAddress("127.0.0.1", new byte[] {127, 0, 0, 1}));
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
        factory.setPort(settings.httpPort());
        factory.addConnectorCustomizers(WebServer::bound);
        factory.addContextCustomizers(context -> {
            if (context.getParent() instanceof StandardHost host) {
                host.setErrorReportValveClass(ProblemValve.class.getName());
            }
        });
    }

    private static void bound(Connector connector) {
        connector.setMaxPostSize(FORM_BYTES);
        connector.setMaxParameterCount(10_000);
        connector.setProperty("maxThreads", Integer.toString(THREADS));
        connector.setProperty("minSpareThreads", "4");
        connector.setProperty("maxConnections", Integer.toString(CONNECTIONS));
        connector.setXpoweredBy(false);
        if (connector.getProtocolHandler() instanceof AbstractHttp11Protocol<?> http) {
            http.setMaxHttpRequestHeaderSize(HEADER_BYTES);
            http.setMaxSwallowSize(SWALLOWED_BYTES);
            http.setConnectionTimeout((int) HEADERS_WITHIN.toMillis());
            http.setDisableUploadTimeout(false);
            http.setConnectionUploadTimeout((int) SILENT_UPLOAD.toMillis());
            // an upload that is refused is refused before its bytes are sent
            http.setContinueResponseTiming("onRead");
        }
    }
}
