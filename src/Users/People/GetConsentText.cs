using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Platform.ServiceDefaults.Web;
using Platform.Users.Texts;

namespace Platform.Users.People;

/// <summary>Open to anyone: people read it before they register.</summary>
internal static class GetConsentText
{
    /// <param name="Version">Send it back as <c>consentText</c> with the registration, so that no one agrees to a text that they were not shown.</param>
    public sealed record Response(string Version, string Text);

    private static readonly Response Example = new("2026-11", "Мы храним ваше имя, номер телефона, аккаунт в Telegram…");

    internal static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithName(nameof(GetConsentText))
        .WithSummary("The consent text that people agree to when they register")
        .WithExample(request: null, Example)
        .Refuses(PlatformErrors.ValidationFailed);

    /// <param name="language"><c>ru</c>, which is the default, or <c>en</c>.</param>
    public static Ok<Response> Handle([OneOf(User.Russian, User.English)] string? language, IOptions<UsersOptions> options)
    {
        var version = options.Value.ConsentText;
        return TypedResults.Ok(new Response(version, ConsentText.Get(version, language ?? User.Russian)!));
    }
}
