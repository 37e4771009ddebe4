using System.Globalization;
using System.Resources;

namespace Platform.Users.Texts;

internal static class MailText
{
    private static readonly ResourceManager Texts = new(typeof(MailText).Namespace + ".Texts", typeof(MailText).Assembly);

    public static (string Subject, string Text) ForCode(string code, string language) =>
        (Get("mail.code.subject", language), Get("mail.code.text", language).Replace("{code}", code, StringComparison.Ordinal));

    public static (string Subject, string Text) ForRecovery(string language) => (Get("mail.recovered.subject", language), Get("mail.recovered.text", language));

    private static string Get(string key, string language) =>
        Texts.GetString(key, CultureInfo.GetCultureInfo(language)) ?? throw new InvalidOperationException($"There is no text '{key}'.");
}
