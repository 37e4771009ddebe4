using Platform.Letters.Limits;
using Platform.Letters.Storage;
using Platform.Messaging;
using Platform.ServiceDefaults.Web;

namespace Platform.Letters;

/// <summary>The service's table of contents: the events it handles and its routes.</summary>
public static class LettersModule
{
    public static void ListEvents(Events events) => events
        .TracksRevokedUsers<LettersDb>()
        .PurgesErasedUsers<LettersDb>();

    public static void AddLetters(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<LettersOptions>().BindConfiguration(LettersOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();

        builder.Services.AddValidation();
        builder.AddBillingClient();
    }

    public static void MapLetters(this IEndpointRouteBuilder app)
    {
        var letters = app.MapGroup("/api/letters").WithTags("Letters");
        letters.MapGet("/limits", GetLimits.Handle).Describe(GetLimits.Describe).RequireRole(Role.Client);
        letters.MapGet("/export", ExportMyData.Handle).Describe(ExportMyData.Describe).RequireRole(Role.Client).AllowBlocked();
    }
}
