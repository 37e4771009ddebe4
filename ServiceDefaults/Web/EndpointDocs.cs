using Platform.Contracts;

namespace Platform.ServiceDefaults.Web;

/// <summary>Documents an endpoint's examples and refusals. Its summary is <c>WithSummary</c>.</summary>
public static class EndpointDocs
{
    /// <summary>Documents the endpoint's own refusals. Those of roles, validation and idempotency keys are added automatically.</summary>
    public static TBuilder Refuses<TBuilder>(this TBuilder endpoint, params ErrorCode[] errors) where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new Refusals(errors));

    /// <summary>Gives an example of a success. A body that the endpoint does not have is null.</summary>
    public static TBuilder WithExample<TBuilder>(this TBuilder endpoint, object? request, object? response) where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new Example(request, response));

    /// <summary>Keeps the documentation beside the handler that it describes: <c>MapPost("/", PlaceOrder.Handle).Describe(PlaceOrder.Describe)</c>.</summary>
    public static RouteHandlerBuilder Describe(this RouteHandlerBuilder endpoint, Action<RouteHandlerBuilder> documentation)
    {
        documentation(endpoint);
        return endpoint;
    }

    internal sealed record Refusals(IReadOnlyList<ErrorCode> Errors);

    internal sealed record Example(object? Request, object? Response);
}
