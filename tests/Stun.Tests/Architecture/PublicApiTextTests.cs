using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using Stack.TestKit;
using Xunit;

namespace Stack.Stun.Tests;

public sealed class PublicApiTextTests
{
    [Flags]
    public enum Flavour : byte
    {
        None = 0,
        Sweet = 2,
    }

    public interface IShape
    {
        string? Name { get; }

        void Draw(scoped in ReadOnlySpan<byte> pixels);
    }

    [Fact]
    public void Describe_Types_ReadsLikeCSharp() => Assert.Equal(
        """
        [Flags]
        public enum PublicApiTextTests.Flavour : byte
            None = 0
            Sweet = 2

        public interface PublicApiTextTests.IShape
            string? Name { get; }
            void Draw(scoped in ReadOnlySpan<byte> pixels)

        public readonly record struct PublicApiTextTests.Point : IEquatable<PublicApiTextTests.Point>
            public Point(int X, long? Y)
            public int X { get; init; }
            public long? Y { get; init; }

        public abstract class PublicApiTextTests.Sample<T> : PublicApiTextTests.IShape where T : struct, IComparable<T>
            public const string Kind = "k"
            public static readonly int[]? Numbers
            protected Sample(Dictionary<string, string?> map, List<string>? names = null)
            public string Label { get; protected set; }
            public string? Name { get; }
            public virtual void Draw(scoped in ReadOnlySpan<byte> pixels)
            public TItem Pick<TItem>(ref T first, params TItem[] rest) where TItem : class
            public abstract bool TryGet(string key, [NotNullWhen(true)] out string? value)
            public static string operator +(PublicApiTextTests.Sample<T> left, string? right)

        public ref struct PublicApiTextTests.View
            public readonly ReadOnlySpan<byte> Bytes { get; }
            public readonly ref readonly byte First { get; }
            public int Length { get; set; }
            public void Advance(int count = 1, PublicApiTextTests.Flavour flavour = PublicApiTextTests.Flavour.Sweet)
            public readonly int Peek()

        """,
        PublicApiText.Describe([typeof(Sample<>), typeof(View), typeof(Flavour), typeof(Point), typeof(IShape)]));

    public readonly record struct Point(int X, long? Y);

    public ref struct View
    {
        public int Length { get; set; }

        public readonly ReadOnlySpan<byte> Bytes => new byte[Length];

        public readonly ref readonly byte First => throw new NotSupportedException();

        public void Advance(int count = 1, Flavour flavour = Flavour.Sweet) => Length += flavour == Flavour.None ? 0 : count;

        public readonly int Peek() => Length;
    }

    public abstract class Sample<T> : IShape
        where T : struct, IComparable<T>
    {
        public const string Kind = "k";
        public static readonly int[]? Numbers;
        private readonly int _hidden;

        protected Sample(Dictionary<string, string?> map, List<string>? names = null)
        {
            Label = Kind;
            _hidden = map.Count + (names?.Count ?? 0);
        }

        public string Label { get; protected set; }

        public string? Name => _hidden == 0 ? null : Label;

        internal int Hidden => _hidden;

        public static string operator +(Sample<T> left, string? right) => left.Label + right;

        public abstract bool TryGet(string key, [NotNullWhen(true)] out string? value);

        public virtual void Draw(scoped in ReadOnlySpan<byte> pixels) => Label = pixels.IsEmpty ? Kind : Label;

        public TItem Pick<TItem>(ref T first, params TItem[] rest)
            where TItem : class
            => rest[first.CompareTo(first) + Hidden];
    }
}
