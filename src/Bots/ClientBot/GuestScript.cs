using Platform.Bots.Conversations;
using Platform.Contracts.Bots;

namespace Platform.Bots.ClientBot;

/// <summary>What the guests' bot understands.</summary>
internal static class GuestScript
{
    public static BotScript Create() => new BotScript(BotNames.Client)
        .Command("start", "command.start", Welcome.Greet)
        .Command("code", "command.code", PaymentCode.Show)
        .Command("profile", "command.profile", ShowProfile.Show)
        .Command("help", "command.help", Welcome.Help)

        .MenuItem("menu.code", PaymentCode.Show)
        .MenuItem("menu.profile", ShowProfile.Show)
        .Button(PaymentCode.Another, PaymentCode.Show)

        .Button(Registration.Language, Registration.TakeLanguage, answers: Registration.Language)
        .Button(Registration.Consent, Registration.TakeConsent, answers: Registration.Consent)
        .Button(Registration.Begin, Registration.BeginAgain)
        .Answer(Registration.Name, Registration.TakeName)
        .Answer(Registration.Phone, Registration.TakePhone)
        .Answer(Registration.BirthDate, Registration.TakeBirthDate)
        .Answer(Registration.City, Registration.TakeCity)

        .Stranger(Registration.Interpose)
        .Otherwise(Welcome.NotUnderstood);
}
