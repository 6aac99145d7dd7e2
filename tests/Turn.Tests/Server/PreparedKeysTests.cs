using System;
using System.Linq;
using Stack.Stun;
using Xunit;

namespace Stack.Turn.Tests;

/// <summary>Keys that stay prepared are still the keys of those who ask, and no more of them than there are places.</summary>
public sealed class PreparedKeysTests
{
    private static readonly byte[] One = [.. Enumerable.Repeat((byte)1, 16)];
    private static readonly byte[] Other = [.. Enumerable.Repeat((byte)2, 32)];

    [Fact]
    public void Key_OfTheSecondRequest_StaysPrepared()
    {
        using PreparedKeys keys = new();
        IntegrityKey first = keys.Get("user"u8, 0, One);
        IntegrityKey second = keys.Get("user"u8, 0, One);
        Assert.NotSame(first, second);
        Assert.Same(second, keys.Get("user"u8, 0, One));
        Assert.Equal(Sign(new IntegrityKey(One)), Sign(second));
    }

    [Fact]
    public void Key_ThatChanged_IsTheNewOneAtOnce()
    {
        using PreparedKeys keys = new();
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(Sign(new IntegrityKey(One)), Sign(keys.Get("user"u8, 0, One)));
        }

        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(Sign(new IntegrityKey(Other)), Sign(keys.Get("user"u8, 0, Other)));
        }

        Assert.Equal(Sign(new IntegrityKey(Other.AsSpan(0, 16))), Sign(keys.Get("user"u8, 0, Other.AsSpan(0, 16))));
    }

    // More names than places: whoever shares one gets his own key all the same.
    [Fact]
    public void Keys_OfMoreUsersThanPlaces_AreTheirOwn()
    {
        using PreparedKeys keys = new();
        byte[] value = new byte[16];
        for (int round = 0; round < 3; round++)
        {
            for (int user = 0; user < 500; user++)
            {
                BitConverter.TryWriteBytes(value, user);
                Assert.Equal(Sign(new IntegrityKey(value)), Sign(keys.Get(BitConverter.GetBytes(user), 0, value)));
            }
        }
    }

    // Names of one key, as all that nobody has: being heard the first time costs the same with any of them (security.md T03).
    [Fact]
    public void Key_OfAnotherName_IsNotPreparedByTheFirst()
    {
        using PreparedKeys keys = new();
        keys.Get("nobody"u8, 0, One);
        IntegrityKey prepared = keys.Get("nobody"u8, 0, One);
        IntegrityKey first = keys.Get("somebody"u8, 0, One);
        Assert.NotSame(prepared, first);
        Assert.NotSame(first, keys.Get("somebody"u8, 0, One));
    }

    // Who fails is tried with a second key, which the unknown lack at once and the known after their first: both stay prepared.
    [Fact]
    public void Keys_OfOneUser_DoNotDisplaceEachOther()
    {
        using PreparedKeys keys = new();

        // Two places of one name may be one by chance, those of eight names are not.
        Assert.Contains(Enumerable.Range(0, 8), user =>
        {
            byte[] name = [(byte)user];
            keys.Get(name, 0, One);
            keys.Get(name, 1, Other);
            return !ReferenceEquals(keys.Get(name, 0, One), keys.Get(name, 1, Other));
        });
    }

    // The hashes that nobody has stand for one key, and still have nothing in common.
    [Fact]
    public void Userhash_ThatNobodyHas_IsNotPreparedByAnother()
    {
        using UserKeys keys = new(new TestUsers(), "realm", new CountingRandom());
        byte[] one = [.. Enumerable.Repeat((byte)1, 32)];
        keys.TryGetKeyByUserhash(one, StunPasswordAlgorithm.Md5, out _);
        keys.TryGetKeyByUserhash(one, StunPasswordAlgorithm.Md5, out IntegrityKey? prepared);
        keys.TryGetKeyByUserhash(Other, StunPasswordAlgorithm.Md5, out IntegrityKey? first);
        Assert.NotSame(prepared, first);
    }

    private static byte[] Sign(IntegrityKey key)
    {
        byte[] buffer = new byte[64];
        StunMessageWriter writer = new(buffer, new StunMessageType(StunMethod.Binding, StunClass.Request), default);
        writer.AddMessageIntegrity(key);
        return writer.Written.ToArray();
    }
}
