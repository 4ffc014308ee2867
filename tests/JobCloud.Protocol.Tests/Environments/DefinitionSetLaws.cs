using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Environments;
using JobCloud.Protocol.Events;

namespace JobCloud.Protocol.Tests.Environments;

public sealed class DefinitionSetLaws
{
    private static readonly DefinitionLimits Limits = new()
    {
        TotalBytes = 400,
        Allowed = ["/d0", "/d1"],
    };
    private static readonly string[] Users = ["ann", "bob"];

    /// <summary>A request: create (with a setup line per version) or delete.</summary>
    public sealed record Act(
        bool Creates,
        bool IsVolume,
        int Name,
        int Version,
        int User,
        bool Admin
    );

    [Property]
    public bool A_repeated_request_adds_nothing(Act[] story, Act last)
    {
        var book = Play(story);
        var first = Decide(book, last);
        if (first.Refusal is not null)
            return Decide(book, last).Refusal!.Equals(first.Refusal);
        var after = Evolve(book, first);
        return Decide(after, last).Event is null;
    }

    [Property]
    public bool A_refusal_is_a_sentence_and_changes_nothing(Act[] story, Act last)
    {
        var step = Decide(Play(story), last);
        return step.Refusal is null || (step.Event is null && step.Refusal.Message.EndsWith('.'));
    }

    [Property]
    public bool Only_the_creator_or_an_admin_can_delete(Act[] story, Act last)
    {
        var book = Play(story);
        var step = Decide(book, last);
        return step.Event is not Undefined undefined
            || last.Admin
            || book.Find(undefined.Kind, undefined.Name)!.Owner == Users[last.User & 1];
    }

    [Property]
    public bool Definitions_are_ordered_by_name_and_within_the_limit(Act[] story)
    {
        var book = Play(story);
        return new[] { DefinitionKind.Environment, DefinitionKind.Volume }.All(kind =>
        {
            var names = book.Of(kind).Select(Definitions.NameOf).ToList();
            // The limit was checked before owner and time were added.
            return names.SequenceEqual(names.Order(StringComparer.Ordinal))
                && names.Distinct().Count() == names.Count
                && book.Of(kind).Sum(one => one.CalculateSize() - 20) <= Limits.TotalBytes;
        });
    }

    [Theory]
    [InlineData("ann", false, 1, null)]
    [InlineData("bob", true, 1, null)]
    [InlineData(
        "bob",
        false,
        1,
        "The environment 'n1' was created by ann; only ann or an admin may change it."
    )]
    [InlineData(
        "ann",
        false,
        2,
        "The environment 'n1' was changed by another request at the same time; try again."
    )]
    public void A_change_replaces_only_the_version_that_its_author_has_seen(
        string by,
        bool admin,
        int seen,
        string? refusal
    )
    {
        var book = Play([new Act(true, false, 1, 1, 0, false)]);
        var present = book.Find(DefinitionKind.Environment, "n1")!;
        var changed = present.Clone();
        changed.Environment.Setup = "changed";
        var expected = present.Clone();
        if (seen != 1)
            expected.Environment.Setup = "something else";
        var request = new DefineRequest { Definition = changed, Replaces = expected };

        var step = book.Decide(request, by, admin, 9, Limits);

        Assert.Equal(refusal, step.Refusal?.Message);
        if (refusal is not null)
            return;
        var after = Evolve(book, step).Find(DefinitionKind.Environment, "n1")!;
        Assert.Equal(
            ("changed", "ann", present.Created),
            (after.Environment.Setup, after.Owner, after.Created)
        );
    }

    [Fact]
    public void An_unknown_definition_cannot_be_changed()
    {
        var wanted = Play([new Act(true, false, 1, 1, 0, false)])
            .Find(DefinitionKind.Environment, "n1");
        var request = new DefineRequest { Definition = wanted, Replaces = wanted };

        var step = DefinitionSet.Empty.Decide(request, "ann", true, 9, Limits);

        Assert.Equal(RefusalCode.NotFound, step.Refusal!.Code);
    }

    [Fact]
    public void A_refusal_names_the_creator_of_an_existing_definition()
    {
        var book = Play([new Act(true, false, 1, 1, 0, false)]);
        var step = Decide(book, new Act(true, false, 1, 1, 1, true));
        Assert.Equal(
            "The environment 'n1' already exists, created by ann; delete it first or choose another name.",
            step.Refusal!.Message
        );
    }

    [Fact]
    public void A_request_cannot_set_creator_and_time()
    {
        var claimed = new DefineRequest
        {
            Definition = new Definition
            {
                Volume = new VolumeDefinition
                {
                    Name = "v",
                    Directory = "/a",
                    MountPath = "/b",
                },
                Owner = "root",
                Created = 1,
                Fixed = true,
            },
        };
        var step = DefinitionSet.Empty.Decide(claimed, "ann", admin: true, 7, Limits);
        var kept = Assert.IsType<Defined>(step.Event).Definition;
        Assert.Equal(("ann", 7L, false), (kept.Owner, kept.Created, kept.Fixed));
    }

    [Theory]
    [InlineData("/srv/data", false, "/srv")]
    [InlineData("/srv", false, "/srv")]
    [InlineData("/srvx", false, null)]
    [InlineData("/etc", false, null)]
    [InlineData("/etc", true, "")]
    [InlineData("/srv/data", true, "")]
    public void Users_define_volumes_and_roots_beneath_allowed_directories(
        string directory,
        bool admin,
        string? within
    )
    {
        var limits = new DefinitionLimits { Allowed = ["/opt", "/srv"] };
        // A request cannot claim a place.
        var volume = new VolumeDefinition
        {
            Name = "v",
            Directory = directory,
            MountPath = "/m",
            Within = "/",
        };
        var environment = new EnvironmentDefinition
        {
            Name = "e",
            Root = directory,
            Within = "/",
        };
        foreach (
            var definition in (Definition[])
                [new() { Volume = volume }, new() { Environment = environment }]
        )
        {
            var request = new DefineRequest { Definition = definition };
            var step = DefinitionSet.Empty.Decide(request, "ann", admin, 1, limits);
            var kept = (step.Event as Defined)?.Definition;
            Assert.Equal(within, kept?.Volume?.Within ?? kept?.Environment?.Within);
            Assert.Equal(within is null, step.Refusal?.Code == RefusalCode.NotAllowed);
        }
    }

    [Fact]
    public void An_environment_without_a_root_is_any_users_to_define()
    {
        var definition = new Definition
        {
            Environment = new() { Name = "e", Setup = "true" },
        };
        var step = DefinitionSet.Empty.Decide(
            new DefineRequest { Definition = definition },
            "ann",
            admin: false,
            1,
            new()
        );
        Assert.IsType<Defined>(step.Event);
    }

    private static DefinitionSet Play(IEnumerable<Act> story) =>
        story.Aggregate(DefinitionSet.Empty, (book, act) => Evolve(book, Decide(book, act)));

    private static DefinitionStep Decide(DefinitionSet book, Act act)
    {
        var (name, user) = ($"n{act.Name & 3}", Users[act.User & 1]);
        if (!act.Creates)
            return book.Decide(
                new UndefineRequest
                {
                    Kind = act.IsVolume ? DefinitionKind.Volume : DefinitionKind.Environment,
                    Name = name,
                },
                user,
                act.Admin,
                now: 1
            );
        var definition = act.IsVolume
            ? new Definition
            {
                Volume = new VolumeDefinition
                {
                    Name = name,
                    Directory = $"/d{act.Version & 1}",
                    MountPath = "/m",
                },
            }
            : new Definition
            {
                Environment = new EnvironmentDefinition
                {
                    Name = name,
                    Setup = new string('x', 100 + (act.Version & 1)),
                },
            };
        return book.Decide(
            new DefineRequest { Definition = definition },
            user,
            act.Admin,
            now: 1,
            Limits
        );
    }

    private static DefinitionSet Evolve(DefinitionSet book, DefinitionStep step) =>
        step.Event switch
        {
            Defined defined => book.Evolve(defined),
            Undefined undefined => book.Evolve(undefined),
            _ => book,
        };
}
