using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Platform.ServiceDefaults.Database;
using Platform.ServiceDefaults.Jobs;

namespace Platform.ServiceDefaults.Messaging;

public static class MessagingExtensions
{
    /// <summary>
    /// The outbox and its relay, the service's queue with the inbox, and their topology as a step of <c>migrate</c>.
    /// </summary>
    /// <param name="listEvents">What the service publishes and handles, written out in its module.</param>
    public static WebApplicationBuilder AddServiceMessaging<TDb>(this WebApplicationBuilder builder, Action<Events> listEvents) where TDb : DbContext
    {
        var events = new Events();
        listEvents(events);

        var services = builder.Services;
        services.AddSingleton(events);
        services.AddSingleton<OutboxSignal>();
        services.AddScoped(provider => new Outbox(provider.GetRequiredService<TDb>(), events, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<SignalOutboxOnCommit>();
        services.ConfigureDbContext<TDb>((provider, options) => options.AddInterceptors(provider.GetRequiredService<SignalOutboxOnCommit>()));
        builder.AddJob<ForgetOldMessages>(every: TimeSpan.FromHours(1));

        services.AddSingleton<TopologyDeployment>();
        services.AddMigrationStep("broker topology", (provider, ct) => provider.GetRequiredService<TopologyDeployment>().Run(ct));

        // Not WaitUntilStarted: a service that starts while the broker is away must serve, its events wait in the outbox.
        services.Configure<MassTransitHostOptions>(host => host.StopTimeout = TimeSpan.FromSeconds(10));
        services.AddMassTransit(bus =>
        {
            foreach (var handled in events.HandledEvents)
            {
                handled.Register<TDb>(services, bus);
            }

            bus.ConfigureHealthCheckOptions(health =>
            {
                health.Name = "broker";
                health.MinimalFailureStatus = HealthStatus.Degraded;
            });

            bus.UsingRabbitMq((context, rabbit) =>
            {
                var address = builder.Configuration.GetConnectionString("rabbitmq")
                    ?? throw new InvalidOperationException("ConnectionStrings:rabbitmq is missing: the broker's address, amqp://user:password@host:port/vhost.");
                rabbit.Host(new Uri(address), host =>
                {
                    // A connection that died without a word, or was never quite made, is noticed in seconds.
                    host.Heartbeat(TimeSpan.FromSeconds(10));
                    host.RequestedConnectionTimeout(TimeSpan.FromSeconds(5));
                });
                rabbit.DeployTopologyOnly = context.GetRequiredService<TopologyDeployment>().IsUnderWay;
                rabbit.DeployPublishTopology = true;
                foreach (var published in events.PublishedEvents)
                {
                    rabbit.Publish(published.Type, _ => { });
                }

                ConfigureQueue<TDb>(rabbit, context, context.GetRequiredService<ServiceName>().Value, events);
            });
        });

        // After the bus, so that they stop before it: what stops last was started first.
        services.AddHostedService<OutboxRelay>();
        services.AddSingleton<ReviveQueue>();
        services.AddSingleton<IReceiveEndpointObserver>(provider => provider.GetRequiredService<ReviveQueue>());
        services.AddHostedService(provider => provider.GetRequiredService<ReviveQueue>());

        return builder;
    }

    private static void ConfigureQueue<TDb>(
        IRabbitMqBusFactoryConfigurator rabbit, IBusRegistrationContext context, string service, Events events) where TDb : DbContext
    {
        if (events.HandledEvents.Count == 0)
        {
            return;
        }

        rabbit.ReceiveEndpoint(service, queue =>
        {
            queue.SetQuorumQueue();
            queue.ConfigureConsumeTopology = true;
            queue.PrefetchCount = 64;
            // Each message at work holds a database connection, and the pool has 16 for requests too.
            queue.ConcurrentMessageLimit = 8;
            // Transient faults never come this far (InboxConsumer); what fails five times goes to the error queue.
            queue.UseMessageRetry(retry => retry.Exponential(
                retryLimit: 5, minInterval: TimeSpan.FromMilliseconds(50), maxInterval: TimeSpan.FromSeconds(5), intervalDelta: TimeSpan.FromMilliseconds(200)));
            foreach (var handled in events.HandledEvents)
            {
                handled.Configure<TDb>(context, queue);
            }
        });
    }
}
