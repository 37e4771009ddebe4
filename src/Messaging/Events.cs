using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace Platform.Messaging;

/// <summary>The events that a service publishes and handles, listed in its module.</summary>
public sealed class Events
{
    private readonly Dictionary<string, Published> _published = [];
    private readonly List<Handled> _handled = [];

    /// <param name="consumed">
    /// Whether another service consumes the event. If so, a message that no queue receives stays in the outbox until a queue
    /// is bound.
    /// </param>
    public Events Publishes<TEvent>(bool consumed) where TEvent : class
    {
        _published.Add(typeof(TEvent).FullName!, new Published(typeof(TEvent), consumed));
        return this;
    }

    public Events Handles<TEvent, THandler>() where TEvent : class where THandler : class, IEventHandler<TEvent>
    {
        _handled.Add(new Handled<TEvent, THandler>());
        return this;
    }

    internal IReadOnlyList<Handled> HandledEvents => _handled;

    internal IEnumerable<Published> PublishedEvents => _published.Values;

    internal Published? FindPublished(string type) => _published.GetValueOrDefault(type);

    internal void ThrowIfNotPublished(Type type)
    {
        if (!_published.ContainsKey(type.FullName!))
        {
            throw new InvalidOperationException($"{type.Name} is not listed as published. Add it to the service's module.");
        }
    }

    internal sealed record Published(Type Type, bool Consumed);

    internal abstract class Handled
    {
        public abstract Type Type { get; }

        public abstract void Register<TDb>(IServiceCollection services, IBusRegistrationConfigurator bus) where TDb : DbContext;

        public abstract void Configure<TDb>(IBusRegistrationContext context, IRabbitMqReceiveEndpointConfigurator queue) where TDb : DbContext;
    }

    private sealed class Handled<TEvent, THandler> : Handled where TEvent : class where THandler : class, IEventHandler<TEvent>
    {
        public override Type Type => typeof(TEvent);

        public override void Register<TDb>(IServiceCollection services, IBusRegistrationConfigurator bus)
        {
            services.AddScoped<THandler>();
            bus.AddConsumer<InboxConsumer<TDb, TEvent, THandler>>();
        }

        public override void Configure<TDb>(IBusRegistrationContext context, IRabbitMqReceiveEndpointConfigurator queue) =>
            queue.ConfigureConsumer<InboxConsumer<TDb, TEvent, THandler>>(context);
    }
}
