using Platform.Contracts.Billing;
using Platform.Contracts.Bots;
using Platform.Contracts.Courses;
using Platform.Contracts.Letters;
using Platform.Contracts.Loyalty;
using Platform.Contracts.Users;
using Platform.Database;
using Platform.Database.Jobs;
using Platform.Messaging;
using Platform.ServiceDefaults.Telegram;
using Platform.ServiceDefaults.Time;
using Platform.ServiceDefaults.Web;
using Platform.ServiceDefaults.Web.Startup;
using Platform.Users.Activity;
using Platform.Users.Mail;
using Platform.Users.Membership;
using Platform.Users.People;
using Platform.Users.SignIn;
using Platform.Users.Staff;
using Platform.Users.Storage;
using Platform.Users.Switches;
using Platform.Users.Texts;

namespace Platform.Users;

/// <summary>The table of contents: events in and out, jobs and routes.</summary>
public static class UsersModule
{
    public static void ListEvents(Events events) => events
        .Publishes<UserRegistered>(consumed: true)
        .Publishes<UserUpdated>(consumed: true)
        .Publishes<UserReferred>(consumed: false)
        .Publishes<UserBlocked>(consumed: true)
        .Publishes<UserUnblocked>(consumed: true)
        .Publishes<UserTokensRevoked>(consumed: true)
        .Publishes<StaffTokensRevoked>(consumed: true)
        .Publishes<UserErased>(consumed: true)
        .Publishes<AccountRecovered>(consumed: true)
        .Publishes<MembershipActivated>(consumed: true)
        .Publishes<MembershipExpiring>(consumed: true)
        .Publishes<MembershipExpired>(consumed: true)
        .Publishes<FeatureSwitched>(consumed: true)
        .Handles<PaymentSucceeded, ExtendMembershipOnPayment>()
        .Handles<PaymentRefunded, ShortenMembershipOnRefund>()
        .Handles<BotConnected, StoreBotUsername>()
        .Handles<OrderPlaced, CountActivity>()
        .Handles<OrderRefunded, CountActivity>()
        .Handles<LessonCompleted, CountActivity>()
        .Handles<LetterGenerated, CountActivity>()
        .Handles<CreditsUsed, CountActivity>()
        .Handles<BotStarted, CountActivity>()
        .Handles<AccountRecovered, SendRecoveryMail>();

    public static void AddUsers(this WebApplicationBuilder builder)
    {
        builder.Services.AddValidation();
        builder.Services.AddOptions<UsersOptions>().BindConfiguration(UsersOptions.Section)
            .ValidateDataAnnotations()
            .Validate(options => ConsentText.Get(options.ConsentText, User.Russian) is not null, "Users:ConsentText is not a version of the consent text.")
            .Validate(options => PhoneNumber.IsRegion(options.PhoneRegion), "Users:PhoneRegion is not a known region such as RU.")
            .ValidateOnStart();
        builder.Services.AddOptions<AccountSettings>().BindConfiguration("").ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddOptions<CardSettings>().BindConfiguration("").ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddOptions<MailSettings>().BindConfiguration("").ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddOptions<TelegramSettings>().BindConfiguration("").ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddProductionRule(SmtpServer.CheckForProduction);
        builder.Services.AddProductionSecret("ADMIN_PASSWORD");
        builder.Services.AddProductionSecret("BOT_API_KEY_CLIENT");
        builder.Services.AddProductionSecret("BOT_API_KEY_BARISTA");
        builder.Services.AddProductionSecret(CardSettings.SecretKey);

        builder.Services.AddScoped<UserUpdates>();
        builder.AddBusinessClock();
        builder.Services.AddSingleton<MembershipCalendar>();
        builder.Services.AddSingleton<CardTokens>();
        builder.Services.AddScoped<Premium>();
        builder.AddJob<ExpireMemberships>(every: TimeSpan.FromMinutes(1));
        builder.AddJob<RemindOfExpiry>(every: TimeSpan.FromMinutes(10));

        builder.Services.AddScoped<TokenIssuer>();
        builder.Services.AddSingleton<Mailer>();
        builder.Services.AddHostedService<ApplyAccountSettings>();
        builder.Services.AddHostedService<ApplyTimeZone>();
        builder.AddJob<PurgeExpiredSignIns>(every: TimeSpan.FromHours(1));

        builder.Services.AddMigrationStep("keys of the access tokens", TokenKeys.CreateFirst);
        builder.Services.AddResync("people", PublishPeople.Run, "select count(*) from users");
        builder.Services.AddResync("switches", PublishSwitches.Run, "select count(*) from feature_switches");
        builder.Services.AddDemoSeed("guests", DemoGuests.Add);
        builder.Services.AddDemoSeed("memberships", DemoMemberships.Add);
        builder.Services.AddDemoSeed("activity", DemoActivity.Add);
        builder.Services.AddDemoSeed("staff", DemoStaff.Add);
        builder.Services.AddDemoSeed("switches", DemoSwitches.SwitchOn);
        builder.Services.AddVerification("every proven phone is recorded", PeopleChecks.ProvenPhonesNotRecorded);
        builder.Services.AddVerification("blocked people have no live tokens", PeopleChecks.BlockedWithAccess);
        builder.Services.AddVerification("membership is free or premium, and card numbers are complete", MembershipChecks.Malformed);
        builder.Services.AddVerification("premium ends with the last period", MembershipChecks.EndsThatDiffer);
        builder.Services.AddVerification("every card number is recorded as issued", MembershipChecks.NumbersNotIssued);
    }

    public static void MapUsers(this IEndpointRouteBuilder app)
    {
        var users = app.MapGroup("/api/users").WithTags("People");
        users.MapPost("/", Register.Handle).Describe(Register.Describe).RequireRole(Role.Guest).AddEndpointFilter(Register.LimitRate).Idempotent<UsersDb>();
        users.MapGet("/", SearchPeople.Handle).Describe(SearchPeople.Describe).RequireRole(Role.Admin);
        users.MapGet("/consent", GetConsentText.Handle).Describe(GetConsentText.Describe).AllowAnonymous();
        // No idempotency keys: nothing changes.
        users.MapPost("/check", CheckAnswers.Handle).Describe(CheckAnswers.Describe).RequireRole(Role.Guest);
        users.MapGet("/me", GetMe.Handle).Describe(GetMe.Describe).RequireRole(Role.Client);
        users.MapPatch("/me", UpdateMe.Handle).Describe(UpdateMe.Describe).RequireRole(Role.Client);
        users.MapDelete("/me", EraseMe.Handle).Describe(EraseMe.Describe).RequireRole(Role.Client).AllowBlocked();
        users.MapDelete("/me/consent", EraseMe.Handle).Describe(WithdrawConsent.Describe).RequireRole(Role.Client).AllowBlocked();
        users.MapPut("/me/email", ChangeMyEmail.Handle).Describe(ChangeMyEmail.Describe).RequireRole(Role.Client);
        users.MapGet("/export", ExportMyData.Handle).Describe(ExportMyData.Describe).RequireRole(Role.Client).AllowBlocked();
        users.MapGet("/by-telegram/{telegramId}", GetProfileByTelegramId.Handle).Describe(GetProfileByTelegramId.Describe).RequireRole(Role.Guest);
        users.MapPost("/{id}/block", BlockUser.Handle).Describe(BlockUser.Describe).RequireRole(Role.Admin).Idempotent<UsersDb>();
        users.MapPost("/{id}/unblock", UnblockUser.Handle).Describe(UnblockUser.Describe).RequireRole(Role.Admin).Idempotent<UsersDb>();

        var membership = app.MapGroup("/api/users").WithTags("Membership");
        membership.MapGet("/me/card", GetCard.Handle).Describe(GetCard.Describe).RequireRole(Role.Client);
        membership.MapGet("/me/card.png", GetCard.HandlePng).Describe(GetCard.DescribePng).RequireRole(Role.Client);
        membership.MapGet("/me/card.svg", GetCard.HandleSvg).Describe(GetCard.DescribeSvg).RequireRole(Role.Client);
        membership.MapPost("/{id}/membership", GrantMembership.Handle).Describe(GrantMembership.Describe).RequireRole(Role.Admin).Idempotent<UsersDb>();
        // No idempotency keys: a recorded response would be out of date.
        app.MapPost("/api/members/verify", VerifyMember.Handle).WithTags("Membership").Describe(VerifyMember.Describe).RequireRole(Role.Staff);

        var statistics = app.MapGroup("/api/users").WithTags("Statistics").RequireRole(Role.Admin);
        statistics.MapGet("/stats", GetUserStats.Handle).Describe(GetUserStats.Describe);
        statistics.MapGet("/activity", GetActivity.Handle).Describe(GetActivity.Describe);
        statistics.MapGet("/cohorts", GetCohorts.Handle).Describe(GetCohorts.Describe);
        statistics.MapGet("/membership", GetMembershipCounts.Handle).Describe(GetMembershipCounts.Describe);

        var switches = app.MapGroup("/api/users/switches").WithTags("Switches").RequireRole(Role.Admin);
        switches.MapGet("/", GetSwitches.Handle).Describe(GetSwitches.Describe);
        switches.MapPut("/", SwitchFeatures.Handle).Describe(SwitchFeatures.Describe);

        var staff = app.MapGroup("/api/users/staff").WithTags("Staff").RequireStaffRole(StaffRole.Owner);
        staff.MapGet("/", ListStaff.Handle).Describe(ListStaff.Describe);
        staff.MapPost("/", AddStaff.Handle).Describe(AddStaff.Describe).Idempotent<UsersDb>();
        staff.MapPatch("/{telegramId}", ChangeStaffRights.Handle).Describe(ChangeStaffRights.Describe);
        staff.MapDelete("/{telegramId}", RemoveStaff.Handle).Describe(RemoveStaff.Describe);

        // No idempotency keys: recorded responses would be tokens readable in the database.
        var signIn = app.MapGroup("/api/auth").WithTags("Sign-in").AddEndpointFilter(DisableCaching);
        signIn.MapPost("/login", Login.Handle).Describe(Login.Describe).AllowAnonymous();
        signIn.MapPost("/bot", SignInByBot.Handle).Describe(SignInByBot.Describe).AllowAnonymous();
        signIn.MapPost("/telegram", SignInByMiniApp.Handle).Describe(SignInByMiniApp.Describe).AllowAnonymous();
        signIn.MapPost("/email", SendEmailCode.Handle).Describe(SendEmailCode.Describe).AllowAnonymous();
        signIn.MapPost("/email/confirm", SignInByEmail.Handle).Describe(SignInByEmail.Describe).AllowAnonymous();
        signIn.MapPost("/recover", RecoverAccount.Handle).Describe(RecoverAccount.Describe).RequireRole(Role.Guest);
        signIn.MapPost("/refresh", Refresh.Handle).Describe(Refresh.Describe).AllowAnonymous();
        signIn.MapGet("/me", WhoAmI.Handle).Describe(WhoAmI.Describe).RequireRole(Role.Guest);
    }

    private static ValueTask<object?> DisableCaching(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        context.HttpContext.Response.Headers.CacheControl = "no-store";
        return next(context);
    }
}
