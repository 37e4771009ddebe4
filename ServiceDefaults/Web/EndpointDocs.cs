using Platform.Contracts;

namespace Platform.ServiceDefaults.Web;

/// <summary>What an endpoint's documentation says besides its summary (<c>WithSummary</c>): examples and refusals.</summary>
public static class EndpointDocs
{
    /// <summary>Documents the refusals that are this endpoint's own; those of roles, validation and keys are added by themselves.</summary>
    public static TBuilder Refuses<TBuilder>(this TBuilder endpoint, params ErrorCode[] errors) where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new Refusals(errors));

    /// <summary>Gives an example of a success.</summary>
    /// <param name="request">The body that is sent; null when the call takes none.</param>
    /// <param name="response">The body that is answered; null when there is none.</param>
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
