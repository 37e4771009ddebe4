using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Platform.Contracts.Users;
using Platform.ServiceDefaults.Web;

namespace Platform.Users.People;

/// <summary>Checks answers without storing them, so that a dialogue can refuse one at once, and returns them as they would be stored.</summary>
internal static class CheckAnswers
{
    /// <param name="PhoneVerified">Whether the number is from a shared contact, which Telegram formats in its own way. Trusted from bots only.</param>
    public sealed record Request(
        [StringLength(255), PlainText, Lettered] string? FullName = null,
        [StringLength(32)] string? Phone = null,
        bool PhoneVerified = false,
        [StringLength(100), PlainText, Lettered] string? City = null,
        [BirthDate] DateOnly? BirthDate = null);

    /// <param name="Phone">E.164.</param>
    /// <param name="PhoneWritten">The same number in groups, as people read it.</param>
    public sealed record Response(string? FullName, string? Phone, string? PhoneWritten, string? City, DateOnly? BirthDate);

    internal static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithName(nameof(CheckAnswers))
        .WithSummary("Checks answers before registration or an update, and returns them as they would be stored")
        .WithExample(
            new Request(FullName: "Анна Смирнова", Phone: "8 (999) 123-45-67"),
            new Response("Анна Смирнова", "+79991234567", "+7 999 123-45-67", City: null, BirthDate: null))
        .Refuses(UsersErrors.PhoneInvalid);

    public static Results<Ok<Response>, ProblemHttpResult> Handle(Request request, Caller caller, IOptions<UsersOptions> options)
    {
        PhoneNumber? phone = null;
        if (request.Phone is not null)
        {
            if (!TryParsePhone(request.Phone, request.PhoneVerified && caller.Actor is not null, options.Value, out var parsed))
            {
                return Problems.For(UsersErrors.PhoneInvalid);
            }

            phone = parsed;
        }

        return TypedResults.Ok(new Response(
            TypedText.CleanOrNull(request.FullName), phone?.E164, phone?.Written, TypedText.CleanOrNull(request.City), request.BirthDate));
    }

    /// <param name="verified">A bot confirmed that the number comes from Telegram.</param>
    public static bool TryParsePhone(string phone, bool verified, UsersOptions options, out PhoneNumber parsed) => verified
        ? PhoneNumber.TryParseContact(phone, options.PhoneRegion, out parsed)
        : PhoneNumber.TryParse(phone, options.PhoneRegion, out parsed);
}
