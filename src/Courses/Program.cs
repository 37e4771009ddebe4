using Platform.Courses;
using Platform.Courses.Storage;
using Platform.ServiceDefaults;
using Platform.ServiceDefaults.Database;
using Platform.ServiceDefaults.Messaging;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("courses");
builder.AddServiceDatabase<CoursesDb>();
builder.AddServiceMessaging<CoursesDb>(CoursesModule.ListEvents);
builder.AddCourses();

var app = builder.Build();
app.UseServiceDefaults();
app.MapCourses();
return await app.RunService(args);
