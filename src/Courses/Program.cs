using Platform.Courses;
using Platform.Courses.Storage;
using Platform.Database;
using Platform.Messaging;
using Platform.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("courses");
builder.AddPlatformDatabase<CoursesDb>();
builder.AddServiceMessaging<CoursesDb>(CoursesModule.ListEvents);
builder.AddCourses();

var app = builder.Build();
app.UseServiceDefaults();
app.MapCourses();
return await app.RunService(args);
