namespace Platform.Bots.Gateway;

internal static class GatewayClient
{
    /// <summary>The gateway's address is in <c>services:gateway:http:0</c>, which the app host sets.</summary>
    public static void AddGatewayClient(this WebApplicationBuilder builder)
    {
        var address = builder.Configuration["services:gateway:http:0"];
        builder.Services.AddSingleton(provider =>
        {
            // Not from HttpClientFactory: its loggers would write the paths, which may contain a payment code.
            var client = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(2), ConnectTimeout = TimeSpan.FromSeconds(3) })
            {
                BaseAddress = new Uri(address
                    ?? throw new InvalidOperationException("services:gateway:http:0 is missing: set it to the address of the gateway.")),
                // GatewayHttp sets one per call.
                Timeout = Timeout.InfiniteTimeSpan,
            };
            return ActivatorUtilities.CreateInstance<GatewayHttp>(provider, client);
        });
    }
}
