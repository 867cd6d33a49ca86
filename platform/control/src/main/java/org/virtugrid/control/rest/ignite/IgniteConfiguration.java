package org.virtugrid.control.rest.ignite;

import java.util.function.Supplier;
import org.apache.ignite.Ignite;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.virtugrid.control.security.SecuritySettings;
import tools.jackson.databind.json.JsonMapper;

/** What {@code /ignite} needs. */
@Configuration(proxyBeanMethods = false)
@Import(IgniteController.class)
public class IgniteConfiguration {

    @Bean
    static IgniteRest igniteRest(SecuritySettings settings, JsonMapper json) {
        return new IgniteRest(settings, json);
    }

    @Bean(destroyMethod = "close")
    static SqlQueries sqlQueries(Supplier<Ignite> ignite) {
        return new SqlQueries(ignite);
    }
}
