namespace Platform.Testing;

/// <summary>A service's settings in a test, as the app host would set them.</summary>
internal static class ServiceSettings
{
    public static IReadOnlyDictionary<string, string> Of(string service, TestDatabase database, Uri broker) => new Dictionary<string, string>
    {
        ["ConnectionStrings:database"] = database.Service(service),
        ["ConnectionStrings:rabbitmq"] = broker.ToString(),
    };
}
